"""Facts of every dead-letter topic."""

from dataclasses import dataclass
from datetime import datetime

from schemas.terms import DeadLetterKind


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadLetter:
    stage: str
    source_topic: str
    source_partition: int
    source_offset: int
    kind: DeadLetterKind
    reason: str
    schema_id: int | None = None
    record_key: bytes | None = None
    record_value: bytes | None = None
    failed_at: datetime
