"""Holds the record `SourceRefreshed`, which is generated from its Avro schema."""

from datetime import datetime

import msgspec

from schemas.contract.ids import EventId
from schemas.contract.terms import SourceName


class SourceRefreshed(msgspec.Struct, frozen=True, gc=False):
    """What the system knows of a source was brought up to date with it: a snapshot of the register
    is loaded whole, all decided levels or issued orders are in.
    """

    event_id: EventId
    """UUID of this event, made by the client or the door; a retry carries the same one."""
    source: SourceName
    """Which source: the population register, the levels of zones, orders."""
    valid_from: datetime
    """State of the source that is now known."""
    received_at: datetime
    """When the door accepted it."""
    submitted_by: str
    """Account that sent it."""
    valid_to: datetime | None = None
    """Until when that counts as fresh; null: until the next."""
