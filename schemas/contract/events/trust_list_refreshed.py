"""Holds the record `TrustListRefreshed`, which is generated from its Avro schema."""

from datetime import datetime

import msgspec

from schemas.contract.ids import EventId


class TrustListRefreshed(msgspec.Struct, frozen=True, gc=False):
    """The trust list and its revocations were brought up to date with their source."""

    event_id: EventId
    """UUID of this event, made by the client or the door; a retry carries the same one."""
    source: str
    """Where the list comes from."""
    valid_from: datetime
    """State of the list: when it was fetched."""
    received_at: datetime
    """When the door accepted it."""
    submitted_by: str
    """Account that sent it."""
    valid_to: datetime | None = None
    """Until when it may be relied on; null: until the next."""
