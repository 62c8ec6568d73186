"""Holds the record `DeadLetter`, which is generated from its Avro schema."""

from datetime import datetime

import msgspec

from schemas.contract.terms import DeadLetterKind


class DeadLetter(msgspec.Struct, frozen=True, gc=False):
    """A record that a stage could not use, kept whole."""

    stage: str
    """The stage."""
    source_topic: str
    """Where it was read."""
    source_partition: int
    """Its partition."""
    source_offset: int
    """Its offset."""
    kind: DeadLetterKind
    """A record that can never be used, or a fault of ours."""
    reason: str
    """Why, in a sentence without personal data."""
    failed_at: datetime
    """When the stage gave up on it."""
    schema_id: int | None = None
    """Schema id of its frame, if it had one."""
    record_key: bytes | None = None
    """Key, raw."""
    record_value: bytes | None = None
    """Value, raw."""
