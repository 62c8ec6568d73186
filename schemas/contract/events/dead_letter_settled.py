"""Holds the record `DeadLetterSettled`, which is generated from its Avro schema."""

from datetime import datetime

import msgspec

from schemas.contract.terms import LetterOutcome


class DeadLetterSettled(msgspec.Struct, frozen=True, gc=False):
    """Somebody has dealt with a dead letter."""

    source_topic: str
    """Where the record was read."""
    source_partition: int
    """Its partition."""
    source_offset: int
    """Its offset."""
    outcome: LetterOutcome
    """Put back as it was, put back mended, or let be."""
    settled_at: datetime
    """When."""
    settled_by: str
    """Who."""
