"""Facts of the topic `journal`: identified, pseudonymous, the only input of screening."""

from datetime import date, datetime

import msgspec

from schemas.contract.ids import (
    CaseId,
    DeclarationId,
    DocumentKey,
    EventId,
    NameKey,
    OrderId,
    PersonId,
    VehicleKey,
)
from schemas.contract.terms import (
    CaseStatus,
    CertificateGrade,
    CertificateKind,
    CertificateResult,
    Channel,
    CodeFault,
    Direction,
    Granularity,
    Likeness,
    OrderKind,
    OrderStatus,
    ShownKind,
    TestKind,
    TestResult,
    TransportMode,
)


class KnownPeriod(msgspec.Struct, frozen=True, gc=False):
    """`known_until`: when a link moved the entry to another person."""

    known_from: datetime
    known_until: datetime


class JourneyIdentified(msgspec.Struct, frozen=True, gc=False):
    entry_id: EventId
    person_id: PersonId
    document_key: DocumentKey
    revision: int
    withdrawn: bool
    fresh: bool
    reference_version: int
    known: bool
    match_name: Likeness
    match_birth_date: Likeness
    match_sex: Likeness
    occurred_at: datetime
    received_at: datetime
    declaration_id: DeclarationId
    origin_code: str
    destination_code: str
    departure_at: datetime
    transport_mode: TransportMode
    channel: Channel
    residence_code: str | None = None
    arrival_at: datetime | None = None
    vehicle_key: VehicleKey | None = None
    symptoms: list[str] = []
    exposed: bool | None = None
    site_id: str | None = None
    number_contradicts: list[str] = []
    name_key: NameKey | None = None
    match_permanent: Likeness = "unknown"
    match_lodging: Likeness = "unknown"
    replaces: DeclarationId | None = None
    known_from: datetime | None = None
    formerly: list[KnownPeriod] = []


class JourneyCancelled(msgspec.Struct, frozen=True, gc=False):
    entry_id: EventId
    person_id: PersonId
    document_key: DocumentKey
    revision: int
    withdrawn: bool
    fresh: bool
    reference_version: int
    known: bool
    match_name: Likeness
    match_birth_date: Likeness
    match_sex: Likeness
    occurred_at: datetime
    received_at: datetime
    declaration_id: DeclarationId


class ScanIdentified(msgspec.Struct, frozen=True, gc=False):
    entry_id: EventId
    person_id: PersonId
    document_key: DocumentKey
    revision: int
    withdrawn: bool
    fresh: bool
    reference_version: int
    known: bool
    match_name: Likeness
    match_birth_date: Likeness
    match_sex: Likeness
    occurred_at: datetime
    received_at: datetime
    shown_kind: ShownKind
    checkpoint_id: str
    direction: Direction
    team: str
    declaration_id: DeclarationId | None = None
    vehicle_key: VehicleKey | None = None
    number_contradicts: list[str] = []
    name_key: NameKey | None = None
    green_lane: bool = False
    permit_id: str | None = None
    trailer_key: VehicleKey | None = None
    certificate_grade: CertificateGrade | None = None
    certificate_kind: CertificateKind | None = None
    certificate_country: str | None = None
    certificate_doses: int | None = None
    certificate_doses_needed: int | None = None
    certificate_result: CertificateResult | None = None
    certificate_dated_at: datetime | None = None
    certificate_match_name: Likeness = "unknown"
    certificate_match_birth_date: Likeness = "unknown"
    code_key: DocumentKey | None = None
    code_fault: CodeFault | None = None
    known_from: datetime | None = None
    formerly: list[KnownPeriod] = []


class DoseIdentified(msgspec.Struct, frozen=True, gc=False):
    entry_id: EventId
    person_id: PersonId
    document_key: DocumentKey
    revision: int
    withdrawn: bool
    fresh: bool
    reference_version: int
    known: bool
    match_name: Likeness
    match_birth_date: Likeness
    match_sex: Likeness
    occurred_at: datetime
    received_at: datetime
    dose_number: int
    product: str
    administered_on: date
    facility: str | None = None
    number_contradicts: list[str] = []
    name_key: NameKey | None = None
    before_birth: bool = False
    after_death: bool = False


class CaseIdentified(msgspec.Struct, frozen=True, gc=False):
    entry_id: EventId
    person_id: PersonId
    document_key: DocumentKey
    revision: int
    withdrawn: bool
    fresh: bool
    reference_version: int
    known: bool
    match_name: Likeness
    match_birth_date: Likeness
    match_sex: Likeness
    occurred_at: datetime
    received_at: datetime
    case_id: CaseId
    status: CaseStatus
    onset_at: datetime | None = None
    sampled_at: datetime | None = None
    isolated_at: datetime | None = None
    known_from: datetime | None = None
    formerly: list[KnownPeriod] = []


class OrderIdentified(msgspec.Struct, frozen=True, gc=False):
    entry_id: EventId
    person_id: PersonId
    document_key: DocumentKey
    revision: int
    withdrawn: bool
    fresh: bool
    reference_version: int
    known: bool
    match_name: Likeness
    match_birth_date: Likeness
    match_sex: Likeness
    occurred_at: datetime
    received_at: datetime
    order_id: OrderId
    kind: OrderKind
    status: OrderStatus
    unit_code: str
    begins_at: datetime
    ends_at: datetime | None = None
    known_from: datetime | None = None
    formerly: list[KnownPeriod] = []


class PresenceIdentified(msgspec.Struct, frozen=True, gc=False):
    entry_id: EventId
    person_id: PersonId
    document_key: DocumentKey
    revision: int
    withdrawn: bool
    fresh: bool
    reference_version: int
    known: bool
    match_name: Likeness
    match_birth_date: Likeness
    match_sex: Likeness
    occurred_at: datetime
    received_at: datetime
    place: str
    ended_at: datetime
    granularity: Granularity = "minute"
    distance_m: float | None = None
    known_from: datetime | None = None
    formerly: list[KnownPeriod] = []


class TestIdentified(msgspec.Struct, frozen=True, gc=False):
    entry_id: EventId
    person_id: PersonId
    document_key: DocumentKey
    revision: int
    withdrawn: bool
    fresh: bool
    reference_version: int
    known: bool
    match_name: Likeness
    match_birth_date: Likeness
    match_sex: Likeness
    occurred_at: datetime
    received_at: datetime
    kind: TestKind
    result: TestResult
    sampled_at: datetime | None = None
    laboratory: str | None = None
    number_contradicts: list[str] = []
    name_key: NameKey | None = None
