"""Journal entries: declarations and cancellations, scans, doses, tests, cases, orders, presences.

A withdrawn entry deletes its row. A column has the name of the entry's field, unless it is named
here.
"""

from schemas.contract.events import (
    CaseIdentified,
    DoseIdentified,
    JourneyCancelled,
    JourneyIdentified,
    OrderIdentified,
    PresenceIdentified,
    ScanIdentified,
    TestIdentified,
)
from streams.projection.ownership import ownership_columns
from streams.projection.table import Column, Table, constant, same_named

FOR_THE_PATH = ("fresh", "number_contradicts", "name_key")
"""Fields that the stage `screen` needs, and no table has."""
OWNERSHIP_FIELDS = ("known_from", "formerly")
OWNERSHIP = ownership_columns("received_at")
REVISION: dict[str, Column] = {"version": "revision", "is_deleted": "withdrawn"}
OTHERWISE = (*FOR_THE_PATH, *OWNERSHIP_FIELDS, "occurred_at", "revision", "withdrawn")
MATCH = ("known", "match_name", "match_birth_date", "match_sex", "reference_version")
"""Fields that tell how the entry fits the register; no use where an entry names no person."""

DECLARATIONS = Table(
    "declarations",
    {
        **same_named(JourneyIdentified, but=OTHERWISE, nullable=("replaces",)),
        "declared_at": "occurred_at",
        **OWNERSHIP,
        **REVISION,
    },
)

CANCELLATIONS = Table(
    "cancellations",
    {
        **same_named(JourneyCancelled, but=(*OTHERWISE, *MATCH)),
        "cancelled_at": "occurred_at",
        **REVISION,
    },
)

SCANS = Table(
    "scans",
    {
        "scan_id": "entry_id",
        **same_named(
            ScanIdentified,
            but=(*OTHERWISE, "entry_id", "trailer_key"),
            nullable=("declaration_id",),
        ),
        "scanned_at": "occurred_at",
        **OWNERSHIP,
        **REVISION,
    },
)

VACCINATIONS = Table(
    "vaccinations",
    {
        **same_named(DoseIdentified, but=(*OTHERWISE, "before_birth", "after_death")),
        **REVISION,
    },
)

CASES = Table(
    "cases",
    {
        **same_named(CaseIdentified, but=OTHERWISE),
        "reported_at": "occurred_at",
        **OWNERSHIP,
        **REVISION,
    },
)

ORDERS = Table(
    "orders",
    {
        **same_named(OrderIdentified, but=OTHERWISE),
        "issued_at": "occurred_at",
        **OWNERSHIP,
        **REVISION,
    },
)

PRESENCES = Table(
    "presences",
    {
        "presence_id": "entry_id",
        **same_named(
            PresenceIdentified,
            but=(*OTHERWISE, *MATCH, "entry_id", "document_key", "received_at"),
        ),
        "source": constant("report"),
        "began_at": "occurred_at",
        **OWNERSHIP,
        **REVISION,
    },
)

HEALTH_TESTS = Table(
    "health_tests",
    {
        **same_named(TestIdentified, but=OTHERWISE),
        "resulted_at": "occurred_at",
        **REVISION,
    },
)
