"""Facts of the topic `cases`, written by the doors."""

from datetime import datetime

import msgspec

from schemas.contract.ids import CaseId, DocumentKey, EventId
from schemas.contract.terms import CaseStatus, DocumentKind, Sex


class CaseReported(msgspec.Struct, frozen=True, gc=False):
    event_id: EventId
    document_key: DocumentKey
    document_kind: DocumentKind
    document_number: str
    case_id: CaseId
    status: CaseStatus
    reported_at: datetime
    received_at: datetime
    submitted_by: str
    full_name: str | None = None
    birth_date: str | None = None
    sex: Sex | None = None
    onset_at: datetime | None = None
    sampled_at: datetime | None = None
    isolated_at: datetime | None = None
