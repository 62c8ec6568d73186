"""Holds the record `CertificateRevoked`, which is generated from its Avro schema."""

from datetime import datetime

import msgspec

from schemas.contract.ids import EventId


class CertificateRevoked(msgspec.Struct, frozen=True, gc=False):
    """One health certificate does not count any more."""

    event_id: EventId
    """UUID of this event, made by the client or the door; a retry carries the same one."""
    identifier_hash: str
    """First 16 bytes of the SHA-256 of its identifier (UVCI), in hexadecimal."""
    valid_from: datetime
    """Revoked from this instant."""
    received_at: datetime
    """When the door accepted it."""
    submitted_by: str
    """Account that sent it."""
    reason: str | None = None
    """Why."""
    valid_to: datetime | None = None
    """Until just before this instant; null: for good."""
