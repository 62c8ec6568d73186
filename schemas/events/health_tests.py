"""Facts of the topic `health-tests`, written by the doors."""

from dataclasses import dataclass
from datetime import datetime

from schemas.ids import DocumentKey, EventId
from schemas.terms import DocumentKind, Sex, TestKind, TestResult


@dataclass(frozen=True, slots=True, kw_only=True)
class TestResulted:
    event_id: EventId
    document_key: DocumentKey
    document_kind: DocumentKind
    document_number: str
    full_name: str | None = None
    birth_date: str | None = None
    sex: Sex | None = None
    kind: TestKind
    result: TestResult
    sampled_at: datetime | None = None
    resulted_at: datetime
    laboratory: str | None = None
    received_at: datetime
    submitted_by: str
