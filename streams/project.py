"""The stage `project`: the one writer of every table in ClickHouse.

`TABLES` says which table an event becomes a row of, and `streams/projection/` the row's columns.
A `JourneyIdentified` of the topic `journal` becomes a row of `declarations`; the names go from
`declared-identities` to `identity_vault`. `Rows` collects a batch's rows, `Sink` inserts them.

Guarantees: every journal entry, flag, verdict, link, household, reference fact, dead letter and
declared identity is in its table once. An entry that a link gave to another person is gone from its
earlier one.
"""

from collections.abc import Collection, Mapping, Sequence

from schemas.contract.events import (
    CaseIdentified,
    CertificateRevoked,
    CheckpointDescribed,
    ContactHandedOver,
    DeadLetter,
    DeadLetterSettled,
    DocumentLinked,
    DocumentUnlinked,
    DoseIdentified,
    Event,
    ExposureRulesAdopted,
    FlagCleared,
    FlagRaised,
    FollowUpReported,
    HandoverAcknowledged,
    HandoverAsked,
    HandoverEscalated,
    HandoverIssued,
    HouseholdJoined,
    HouseholdLeft,
    IdentityDeclared,
    IdentityRevealed,
    JourneyCancelled,
    JourneyIdentified,
    OrderIdentified,
    PermitsExtended,
    PolicyAdopted,
    PresenceIdentified,
    ReuseIdentified,
    ScanIdentified,
    SignerTrusted,
    SourceRefreshed,
    TestIdentified,
    TrustListRefreshed,
    VehiclePermitted,
    VerdictOverridden,
    VerdictReached,
    ZoneLevelDecided,
)
from schemas.contract.topics import (
    CITIZEN_DOCUMENTS,
    DEAD_LETTER_TOPICS,
    DECLARED_IDENTITIES,
    FLAGS,
    FOLLOW_UPS,
    HANDOVERS,
    HOUSEHOLDS,
    JOURNAL,
    OVERRIDES,
    REFERENCE,
    REVEALS,
    VERDICTS,
    Topic,
)
from streams.projection import (
    flags,
    follow_ups,
    handovers,
    households,
    identity_vault,
    journal,
    letters,
    overrides,
    person_documents,
    reference,
    reveals,
    verdicts,
)
from streams.projection.table import Table
from streams.rows import Rows
from streams.stage import Outgoing, Received

TABLES: Mapping[type[Event], tuple[Table, ...]] = {
    JourneyIdentified: (journal.DECLARATIONS,),
    JourneyCancelled: (journal.CANCELLATIONS,),
    ScanIdentified: (journal.SCANS,),
    DoseIdentified: (journal.VACCINATIONS,),
    CaseIdentified: (journal.CASES,),
    OrderIdentified: (journal.ORDERS,),
    PresenceIdentified: (journal.PRESENCES,),
    TestIdentified: (journal.HEALTH_TESTS,),
    ReuseIdentified: (),  # its flag says all of it
    FlagRaised: (flags.RAISED,),
    FlagCleared: (flags.CLEARED,),
    VerdictReached: (verdicts.VERDICTS,),
    VerdictOverridden: (overrides.OVERRIDES,),
    DocumentLinked: (person_documents.LINKED, identity_vault.LINKED),
    DocumentUnlinked: (person_documents.UNLINKED,),
    HouseholdJoined: (households.JOINED,),
    HouseholdLeft: (households.LEFT,),
    IdentityDeclared: (identity_vault.DECLARED,),
    ZoneLevelDecided: (reference.ZONES,),
    CheckpointDescribed: (reference.CHECKPOINTS,),
    PolicyAdopted: (reference.POLICIES,),
    VehiclePermitted: (reference.PERMITS,),
    PermitsExtended: (reference.PERMIT_EXTENSIONS,),
    ExposureRulesAdopted: (reference.EXPOSURE_RULES,),
    SignerTrusted: (reference.SIGNERS,),
    TrustListRefreshed: (reference.TRUST_LISTS,),
    SourceRefreshed: (reference.SOURCES,),
    CertificateRevoked: (reference.REVOKED_CERTIFICATES,),
    HandoverAsked: (handovers.REQUESTS,),
    ContactHandedOver: (handovers.PEOPLE,),
    HandoverIssued: (handovers.ISSUES,),
    HandoverAcknowledged: (handovers.ACKNOWLEDGEMENTS,),
    HandoverEscalated: (handovers.ESCALATIONS,),
    FollowUpReported: (follow_ups.FOLLOW_UPS,),
    IdentityRevealed: (reveals.REVEALS,),
    DeadLetter: (letters.DEAD_LETTERS,),
    DeadLetterSettled: (letters.SETTLEMENTS,),
}
"""The tables that each event becomes a row of; a `Table` has the name that it has in ClickHouse."""

INPUTS = (
    JOURNAL,
    FLAGS,
    VERDICTS,
    OVERRIDES,
    CITIZEN_DOCUMENTS,
    HOUSEHOLDS,
    DECLARED_IDENTITIES,
    REFERENCE,
    HANDOVERS,
    FOLLOW_UPS,
    REVEALS,
    *DEAD_LETTER_TOPICS,
)


class Project:
    """Makes the rows of all tables, or of those that `only` names.

    A rebuild names the tables with which it fills a shadow database. Topics that hold nothing for
    them are not read.
    """

    name = "project"
    silent_replay = True

    def __init__(self, only: Collection[str] = ()) -> None:
        self._tables: dict[type[Event], tuple[Table, ...]] = {}
        wanted_events: set[str] = set()
        for event, tables in TABLES.items():
            wanted = tuple(table for table in tables if not only or table.name in only)
            self._tables[event] = wanted
            if wanted:
                wanted_events.add(event.__name__)
        self.inputs: tuple[Topic, ...] = tuple(
            topic for topic in INPUTS if not wanted_events.isdisjoint(topic.events)
        )

    def fold(self, records: Sequence[Received[Event]], work: Rows) -> list[Outgoing]:
        """Adds the rows of the records to `work`, and writes no event."""
        for record in records:
            for table in self._tables[type(record.event)]:
                work.add(table.name, table.row(record.event, record.version))
        return []


COLUMNS: dict[str, tuple[str, ...]] = {}
"""Columns by table; tables that several events fill have the same ones for each."""
for filled in TABLES.values():
    for filled_table in filled:
        COLUMNS[filled_table.name] = filled_table.columns
