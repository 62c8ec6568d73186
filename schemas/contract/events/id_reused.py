"""Holds the record `IdReused`, which is generated from its Avro schema."""

from datetime import datetime

import msgspec

from schemas.contract.ids import DocumentKey, EventId
from schemas.contract.terms import IdKind


class IdReused(msgspec.Struct, frozen=True, gc=False):
    """Two doors took one id for two documents at the same moment; this is about the document whose
    event came second.
    """

    event_id: EventId
    """UUID of this event, derived from the id and the document: every door that notices it makes
    the same one.
    """
    document_key: DocumentKey
    """Pseudonym of the document whose event came second: keyed hash, 32 hexadecimal digits.

    Key of the topic.
    """
    id_kind: IdKind
    """What the id is of."""
    reused_id: str
    """UUID that both events have: of the scan, or of the declaration."""
    cause_id: EventId
    """UUID of the event that came second, as its journal entry has it."""
    occurred_at: datetime
    """When the event that came second happened, by its own clock."""
    received_at: datetime
    """When a door accepted that event."""
