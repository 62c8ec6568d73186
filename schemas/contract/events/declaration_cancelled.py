"""Holds the record `DeclarationCancelled`, which is generated from its Avro schema."""

from datetime import datetime

import msgspec

from schemas.contract.ids import DeclarationId, DocumentKey, EventId


class DeclarationCancelled(msgspec.Struct, frozen=True, gc=False):
    """A declaration that no longer counts: its citizen does not travel, or a post took it back."""

    event_id: EventId
    """UUID of this event, made by the client or the door; a retry carries the same one."""
    declaration_id: DeclarationId
    """UUID of the declaration."""
    document_key: DocumentKey
    """Pseudonym of the identity document: keyed hash, 32 hexadecimal digits. Key of the topic."""
    cancelled_at: datetime
    """From when on it no longer counts."""
    received_at: datetime
    """When the door accepted it."""
    submitted_by: str
    """Account that submitted it."""
