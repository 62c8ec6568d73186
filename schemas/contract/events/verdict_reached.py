"""Holds the record `VerdictReached`, which is generated from its Avro schema."""

from datetime import datetime

import msgspec

from schemas.contract.ids import DocumentKey, EventId, PersonId
from schemas.contract.terms import CertificateGrade, CertificateKind, Decision


class VerdictReached(msgspec.Struct, frozen=True, gc=False):
    """What the checkpoint should do with one scan."""

    scan_id: EventId
    """UUID of the scan event."""
    person_id: PersonId
    """Pseudonym of the person: keyed hash, 32 hexadecimal digits. Key of the topic."""
    checkpoint_id: str
    """The post."""
    decision: Decision
    """The decision."""
    reasons: list[str]
    """Reason codes, most telling first."""
    flag_ids: list[str]
    """Flags it rests on."""
    policy_id: str
    """The policy applied."""
    reference_version: int
    """Version of the reference data."""
    registered: bool
    """Whether the register knows the document."""
    scanned_at: datetime
    """Time of the scan."""
    received_at: datetime
    """When the door accepted the scan."""
    decided_at: datetime
    """When the verdict was reached."""
    certificate_grade: CertificateGrade | None = None
    """Grade of the health certificate shown beside the document, by the trust list as the door knew
    it; null: none was shown.
    """
    certificate_kind: CertificateKind | None = None
    """What it certifies; null where it was tampered with."""
    valid_until: datetime | None = None
    """Until when the decision may be relied on without another look; null: not told, in verdicts of
    earlier versions.
    """
    register_as_of: datetime | None = None
    """State of the population register that it rests on; null: not fresh at the scan, or nobody has
    said.
    """
    zones_as_of: datetime | None = None
    """State of the zones' levels, likewise."""
    orders_as_of: datetime | None = None
    """State of the orders, likewise."""
    document_key: DocumentKey | None = None
    """Pseudonym of the document scanned: tells apart two scans that were given one id; null: not
    told, in verdicts of earlier versions.
    """
