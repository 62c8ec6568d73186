"""Facts of the topic `verdicts`: one decision per scan."""

from datetime import datetime

import msgspec

from schemas.contract.ids import EventId, PersonId
from schemas.contract.terms import CertificateGrade, CertificateKind, Decision


class VerdictReached(msgspec.Struct, frozen=True, gc=False):
    scan_id: EventId
    person_id: PersonId
    checkpoint_id: str
    decision: Decision
    reasons: list[str]
    flag_ids: list[str]
    policy_id: str
    reference_version: int
    registered: bool
    scanned_at: datetime
    received_at: datetime
    decided_at: datetime
    certificate_grade: CertificateGrade | None = None
    certificate_kind: CertificateKind | None = None
    valid_until: datetime | None = None
    register_as_of: datetime | None = None
    zones_as_of: datetime | None = None
    orders_as_of: datetime | None = None
