"""Holds the record `ScanIdentified`, which is generated from its Avro schema."""

from datetime import datetime

import msgspec

from schemas.contract.events.known_period import KnownPeriod
from schemas.contract.ids import DeclarationId, DocumentKey, EventId, NameKey, PersonId, VehicleKey
from schemas.contract.terms import (
    CertificateGrade,
    CertificateKind,
    CertificateResult,
    CodeFault,
    Direction,
    Likeness,
    ShownKind,
)


class ScanIdentified(msgspec.Struct, frozen=True, gc=False):
    """A checkpoint scan of an identified, pseudonymous person."""

    entry_id: EventId
    """UUID of the door event it comes from."""
    person_id: PersonId
    """Pseudonym of the person: keyed hash, 32 hexadecimal digits. Key of the topic."""
    document_key: DocumentKey
    """Pseudonym of the document that led to the person."""
    revision: int
    """Version of the link record it was made with, -1 for none; of two entries with one id the
    higher holds.
    """
    withdrawn: bool
    """The entry left this person: a link moved it to another one."""
    fresh: bool
    """First time the entry is written; a scan gets its verdict then."""
    reference_version: int
    """Version of the reference data known when it was identified, -1 for none."""
    known: bool
    """Whether the register knows the document."""
    match_name: Likeness
    """Declared name against the register's."""
    match_birth_date: Likeness
    """Declared birth date against the register's."""
    match_sex: Likeness
    """Declared sex against the register's."""
    occurred_at: datetime
    """When it happened: declared, scanned or injected."""
    received_at: datetime
    """When the door accepted it."""
    shown_kind: ShownKind
    """What was shown."""
    checkpoint_id: str
    """The post."""
    direction: Direction
    """Direction of travel."""
    team: str
    """Account of the team."""
    declaration_id: DeclarationId | None = None
    """The declaration that the code names."""
    vehicle_key: VehicleKey | None = None
    """Pseudonym of the vehicle's normalised plate."""
    number_contradicts: list[str] = []
    """What the CCCD number itself says otherwise: sex, birth_year, or a province code that nobody
    issues (unknown_province).
    """
    name_key: NameKey | None = None
    """Pseudonym of the family and given name that was said, however it is written; null where no
    name was said.
    """
    green_lane: bool = False
    """Whether the vehicle uses the green lane (luồng xanh)."""
    permit_id: str | None = None
    """Number on the green lane permit that was shown."""
    trailer_key: VehicleKey | None = None
    """Pseudonym of the trailer's plate."""
    certificate_grade: CertificateGrade | None = None
    """Grade of the health certificate shown beside the document, by the trust list as the door knew
    it; null: none was shown.
    """
    certificate_kind: CertificateKind | None = None
    """What it certifies; null where it was tampered with."""
    certificate_country: str | None = None
    """Country that issued it, as it says."""
    certificate_doses: int | None = None
    """Doses received, as it says."""
    certificate_doses_needed: int | None = None
    """Doses of the whole series, as it says."""
    certificate_result: CertificateResult | None = None
    """Result of the test, as it says."""
    certificate_dated_at: datetime | None = None
    """Day of the dose, time of the sample, or day of the first positive test."""
    certificate_match_name: Likeness = "unknown"
    """Name on the certificate against the register's, or against the card's where the register does
    not know the document.
    """
    certificate_match_birth_date: Likeness = "unknown"
    """Birth date on the certificate, in the same way."""
    code_key: DocumentKey | None = None
    """Pseudonym of the document that the shown code is of, where another document was checked
    beside it.
    """
    code_fault: CodeFault | None = None
    """Why the shown code cannot be trusted; null: it can, or none was shown."""
    known_from: datetime | None = None
    """From when this was known to be the person's; null: from when the door accepted it."""
    formerly: list[KnownPeriod] = []
    """Periods in which it was known to be this person's before a link moved it, the earliest first.
    """
