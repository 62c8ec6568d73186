"""Holds the record `TestResulted`, which is generated from its Avro schema."""

from datetime import datetime

import msgspec

from schemas.contract.ids import DocumentKey, EventId
from schemas.contract.terms import DocumentKindSymbol, Sex, TestKind, TestResult


class TestResulted(msgspec.Struct, frozen=True, gc=False):
    """A test for the virus gave a result (kết quả xét nghiệm), as the laboratory or post that made
    it says.
    """

    event_id: EventId
    """UUID of this event, made by the client or the door; a retry carries the same one."""
    document_key: DocumentKey
    """Pseudonym of the identity document: keyed hash, 32 hexadecimal digits. Key of the topic."""
    document_kind: DocumentKindSymbol
    """What kind of identity document it is."""
    document_number: str
    """The document's number in canonical form."""
    kind: TestKind
    """Rapid antigen test (test nhanh kháng nguyên), or RT-PCR."""
    result: TestResult
    """What it found."""
    resulted_at: datetime
    """When the result was issued; its validity counts from here, not from the sample."""
    received_at: datetime
    """When the door accepted it."""
    submitted_by: str
    """Account that submitted it."""
    full_name: str | None = None
    """Name as reported."""
    birth_date: str | None = None
    """ISO date, or YYYY-MM, or YYYY where only that is known."""
    sex: Sex | None = None
    """Sex as reported."""
    sampled_at: datetime | None = None
    """When the sample was taken; null if that was not told."""
    laboratory: str | None = None
    """Who made the test."""
