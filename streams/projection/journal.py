"""Journal entries: declarations and their cancellations, scans, doses, tests, cases, orders, presences. A withdrawn one deletes a row."""

from streams.projection.ownership import ownership_columns
from streams.projection.table import Column, Table, constant, or_empty

OWNERSHIP = ownership_columns("received_at")

TRAILER: dict[str, Column] = {
    "known": "known",
    "match_name": "match_name",
    "match_birth_date": "match_birth_date",
    "match_sex": "match_sex",
    "reference_version": "reference_version",
    "version": "revision",
    "is_deleted": "withdrawn",
}

DECLARATIONS = Table(
    "declarations",
    {
        "person_id": "person_id",
        "entry_id": "entry_id",
        "declaration_id": "declaration_id",
        "document_key": "document_key",
        "declared_at": "occurred_at",
        "received_at": "received_at",
        "origin_code": "origin_code",
        "destination_code": "destination_code",
        "residence_code": or_empty("residence_code"),
        "departure_at": "departure_at",
        "arrival_at": "arrival_at",
        "transport_mode": "transport_mode",
        "vehicle_key": or_empty("vehicle_key"),
        "symptoms": "symptoms",
        "exposed": "exposed",
        "channel": "channel",
        "site_id": or_empty("site_id"),
        "replaces": "replaces",
        "match_permanent": "match_permanent",
        "match_lodging": "match_lodging",
        **OWNERSHIP,
        **TRAILER,
    },
)

CANCELLATIONS = Table(
    "cancellations",
    {
        "person_id": "person_id",
        "declaration_id": "declaration_id",
        "entry_id": "entry_id",
        "document_key": "document_key",
        "cancelled_at": "occurred_at",
        "received_at": "received_at",
        "version": "revision",
        "is_deleted": "withdrawn",
    },
)

SCANS = Table(
    "scans",
    {
        "person_id": "person_id",
        "scan_id": "entry_id",
        "document_key": "document_key",
        "declaration_id": "declaration_id",
        "shown_kind": "shown_kind",
        "code_key": or_empty("code_key"),
        "code_fault": or_empty("code_fault"),
        "checkpoint_id": "checkpoint_id",
        "direction": "direction",
        "vehicle_key": or_empty("vehicle_key"),
        "green_lane": "green_lane",
        "permit_id": or_empty("permit_id"),
        "team": "team",
        "certificate_grade": or_empty("certificate_grade"),
        "certificate_kind": or_empty("certificate_kind"),
        "certificate_country": or_empty("certificate_country"),
        "certificate_doses": "certificate_doses",
        "certificate_doses_needed": "certificate_doses_needed",
        "certificate_result": or_empty("certificate_result"),
        "certificate_dated_at": "certificate_dated_at",
        "certificate_match_name": "certificate_match_name",
        "certificate_match_birth_date": "certificate_match_birth_date",
        "scanned_at": "occurred_at",
        "received_at": "received_at",
        **OWNERSHIP,
        **TRAILER,
    },
)

VACCINATIONS = Table(
    "vaccinations",
    {
        "person_id": "person_id",
        "entry_id": "entry_id",
        "document_key": "document_key",
        "dose_number": "dose_number",
        "product": "product",
        "facility": or_empty("facility"),
        "administered_on": "administered_on",
        "received_at": "received_at",
        **TRAILER,
    },
)

CASES = Table(
    "cases",
    {
        "case_id": "case_id",
        "entry_id": "entry_id",
        "person_id": "person_id",
        "document_key": "document_key",
        "status": "status",
        "onset_at": "onset_at",
        "sampled_at": "sampled_at",
        "isolated_at": "isolated_at",
        "reported_at": "occurred_at",
        "received_at": "received_at",
        **OWNERSHIP,
        **TRAILER,
    },
)

ORDERS = Table(
    "orders",
    {
        "person_id": "person_id",
        "order_id": "order_id",
        "entry_id": "entry_id",
        "document_key": "document_key",
        "kind": "kind",
        "status": "status",
        "unit_code": "unit_code",
        "begins_at": "begins_at",
        "ends_at": "ends_at",
        "issued_at": "occurred_at",
        "received_at": "received_at",
        **OWNERSHIP,
        **TRAILER,
    },
)

PRESENCES = Table(
    "presences",
    {
        "person_id": "person_id",
        "began_at": "occurred_at",
        "ended_at": "ended_at",
        "place": "place",
        "presence_id": "entry_id",
        "source": constant("report"),
        "granularity": "granularity",
        "distance_m": "distance_m",
        **OWNERSHIP,
        "version": "revision",
        "is_deleted": "withdrawn",
    },
)

HEALTH_TESTS = Table(
    "health_tests",
    {
        "person_id": "person_id",
        "entry_id": "entry_id",
        "document_key": "document_key",
        "kind": "kind",
        "result": "result",
        "sampled_at": "sampled_at",
        "resulted_at": "occurred_at",
        "laboratory": or_empty("laboratory"),
        "received_at": "received_at",
        **TRAILER,
    },
)
