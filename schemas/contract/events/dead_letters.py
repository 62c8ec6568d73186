"""Facts of every dead-letter topic."""

from datetime import datetime

import msgspec

from schemas.contract.terms import DeadLetterKind, LetterOutcome


class DeadLetter(msgspec.Struct, frozen=True, gc=False):
    stage: str
    source_topic: str
    source_partition: int
    source_offset: int
    kind: DeadLetterKind
    reason: str
    failed_at: datetime
    schema_id: int | None = None
    record_key: bytes | None = None
    record_value: bytes | None = None


class DeadLetterSettled(msgspec.Struct, frozen=True, gc=False):
    source_topic: str
    source_partition: int
    source_offset: int
    outcome: LetterOutcome
    settled_at: datetime
    settled_by: str
