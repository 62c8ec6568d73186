"""Facts of the topic `cases`, written by the doors."""

from dataclasses import dataclass
from datetime import datetime

from schemas.ids import CaseId, DocumentKey, EventId
from schemas.terms import CaseStatus, DocumentKind, Sex


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseReported:
    event_id: EventId
    document_key: DocumentKey
    document_kind: DocumentKind
    document_number: str
    full_name: str | None = None
    birth_date: str | None = None
    sex: Sex | None = None
    case_id: CaseId
    status: CaseStatus
    onset_at: datetime | None = None
    sampled_at: datetime | None = None
    isolated_at: datetime | None = None
    reported_at: datetime
    received_at: datetime
    submitted_by: str
