"""Tables of journal entries: each kind of entry of the topic `journal` has one of its own.

A `JourneyIdentified` fills `declarations`. A column has the name of the entry's field, unless it is
named here. Of rows with one key the highest `version` holds, and a withdrawn entry deletes its row.
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

FOR_SCREEN_ONLY = ("fresh", "number_contradicts", "name_key")
"""Fields that the stage `screen` needs, and no table has."""
OWNERSHIP_FIELDS = ("known_from", "formerly")
OWNERSHIP = ownership_columns("received_at")
REVISION: dict[str, Column] = {"version": "revision", "is_deleted": "withdrawn"}
NOT_SAME_NAMED = (*FOR_SCREEN_ONLY, *OWNERSHIP_FIELDS, "occurred_at", "revision", "withdrawn")
"""Fields without a column of their name: each table below gives those it has another name."""
MATCH_FIELDS = ("known", "match_name", "match_birth_date", "match_sex", "reference_version")
"""Fields that say how the entry fits the register; an entry without a name leaves them out."""

DECLARATIONS = Table(
    "declarations",
    {
        **same_named(JourneyIdentified, without=NOT_SAME_NAMED, nullable=("replaces",)),
        "declared_at": "occurred_at",
        **OWNERSHIP,
        **REVISION,
    },
)

CANCELLATIONS = Table(
    "cancellations",
    {
        **same_named(JourneyCancelled, without=(*NOT_SAME_NAMED, *MATCH_FIELDS)),
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
            without=(*NOT_SAME_NAMED, "entry_id", "trailer_key"),
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
        **same_named(DoseIdentified, without=(*NOT_SAME_NAMED, "before_birth", "after_death")),
        **REVISION,
    },
)

CASES = Table(
    "cases",
    {
        **same_named(CaseIdentified, without=NOT_SAME_NAMED),
        "reported_at": "occurred_at",
        **OWNERSHIP,
        **REVISION,
    },
)

ORDERS = Table(
    "orders",
    {
        **same_named(OrderIdentified, without=NOT_SAME_NAMED),
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
            without=(*NOT_SAME_NAMED, *MATCH_FIELDS, "entry_id", "document_key", "received_at"),
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
        **same_named(TestIdentified, without=NOT_SAME_NAMED),
        "resulted_at": "occurred_at",
        **REVISION,
    },
)
