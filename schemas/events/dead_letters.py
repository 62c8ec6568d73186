"""Facts of every dead-letter topic."""

from dataclasses import dataclass
from datetime import datetime

from schemas.terms import DeadLetterKind, LetterOutcome


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


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadLetterSettled:
    source_topic: str
    source_partition: int
    source_offset: int
    outcome: LetterOutcome
    settled_at: datetime
    settled_by: str
