"""Holds the record `PermitsExtended`, which is generated from its Avro schema."""

from datetime import datetime

import msgspec

from schemas.contract.ids import EventId


class PermitsExtended(msgspec.Struct, frozen=True, gc=False):
    """A decree that extends every green lane permit which ends within a period."""

    event_id: EventId
    """UUID of this event, made by the client or the door; a retry carries the same one."""
    ending_from: datetime
    """First instant of the period in which a permit has to end."""
    ending_to: datetime
    """Last instant of that period."""
    extended_to: datetime
    """Until when they hold instead."""
    received_at: datetime
    """When the door accepted it."""
    submitted_by: str
    """Account that sent it."""
    decision: str | None = None
    """Number of the decree."""
