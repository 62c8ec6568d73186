"""Facts of the topic `health-tests`, written by the doors."""

from datetime import datetime

import msgspec

from schemas.contract.ids import DocumentKey, EventId
from schemas.contract.terms import DocumentKind, Sex, TestKind, TestResult


class TestResulted(msgspec.Struct, frozen=True, gc=False):
    event_id: EventId
    document_key: DocumentKey
    document_kind: DocumentKind
    document_number: str
    kind: TestKind
    result: TestResult
    resulted_at: datetime
    received_at: datetime
    submitted_by: str
    full_name: str | None = None
    birth_date: str | None = None
    sex: Sex | None = None
    sampled_at: datetime | None = None
    laboratory: str | None = None
