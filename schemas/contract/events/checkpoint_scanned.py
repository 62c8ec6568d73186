"""Holds the record `CheckpointScanned`, which is generated from its Avro schema."""

from datetime import datetime

import msgspec

from schemas.contract.ids import DeclarationId, DocumentKey, EventId, VehicleKey
from schemas.contract.terms import (
    CertificateGrade,
    CertificateKind,
    CertificateResult,
    CodeFault,
    Direction,
    DocumentKindSymbol,
    Sex,
    ShownKind,
)


class CheckpointScanned(msgspec.Struct, frozen=True, gc=False):
    """A checkpoint team checked a traveller: what was shown, where and when."""

    event_id: EventId
    """UUID of this event, made by the client or the door; a retry carries the same one."""
    document_key: DocumentKey
    """Pseudonym of the identity document: keyed hash, 32 hexadecimal digits. Key of the topic."""
    shown_kind: ShownKind
    """What the traveller showed."""
    checkpoint_id: str
    """The post."""
    direction: Direction
    """Into the area the post guards, out of it, or along the road."""
    scanned_at: datetime
    """Clock of the checkpoint's device."""
    received_at: datetime
    """When the door accepted it."""
    submitted_by: str
    """Account of the team."""
    document_kind: DocumentKindSymbol | None = None
    """Kind of the document shown; null for our own code, which carries a pseudonym only."""
    document_number: str | None = None
    """Its number in canonical form."""
    declaration_id: DeclarationId | None = None
    """The declaration that our own code names."""
    full_name: str | None = None
    """Name on the card."""
    birth_date: str | None = None
    """Birth date on the card."""
    sex: Sex | None = None
    """Sex as given."""
    linked_kind: DocumentKindSymbol | None = None
    """Kind of a second document printed in the same code."""
    linked_number: str | None = None
    """Its number."""
    linked_key: DocumentKey | None = None
    """Its pseudonym: the card itself says that both belong to one person."""
    vehicle_plate: str | None = None
    """Number plate, normalised."""
    vehicle_key: VehicleKey | None = None
    """Pseudonym of the vehicle's normalised plate."""
    device_id: str | None = None
    """Device of the team."""
    green_lane: bool = False
    """Whether the vehicle uses the green lane (luồng xanh)."""
    permit_id: str | None = None
    """Number on the green lane permit that was shown."""
    trailer_key: VehicleKey | None = None
    """Pseudonym of the trailer's plate."""
    trailer_plate: str | None = None
    """Plate of the trailer, normalised."""
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
    certificate_name: str | None = None
    """Name on the certificate."""
    certificate_birth_date: str | None = None
    """Birth date on the certificate."""
    code_key: DocumentKey | None = None
    """Pseudonym of the document that the shown code is of, where another document was checked
    beside it.
    """
    code_fault: CodeFault | None = None
    """Why the shown code cannot be trusted, where a document was checked beside it; null: it can,
    or none was.
    """
