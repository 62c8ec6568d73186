"""Holds the record `CheckpointDescribed`, which is generated from its Avro schema."""

from datetime import datetime

import msgspec

from schemas.contract.ids import EventId
from schemas.contract.terms import Side


class CheckpointDescribed(msgspec.Struct, frozen=True, gc=False):
    """A checkpoint (chốt kiểm soát) was opened, changed or closed."""

    event_id: EventId
    """UUID of this event, made by the client or the door; a retry carries the same one."""
    checkpoint_id: str
    """Stable id of the post."""
    name: str
    """Name on the ground."""
    unit_code: str
    """Commune the post stands in."""
    valid_from: datetime
    """In force from this instant."""
    received_at: datetime
    """When the door accepted it."""
    submitted_by: str
    """Account that sent it."""
    road: str | None = None
    """Road it controls."""
    latitude: float | None = None
    """WGS 84 degrees."""
    longitude: float | None = None
    """WGS 84 degrees."""
    side: Side | None = None
    """Direction of traffic that is checked there; null: not known."""
    lanes: int | None = None
    """Lanes in which people are checked at once; null: not known."""
    opens_at: str | None = None
    """Time of day from which it is manned, HH:MM in Vietnam; null: around the clock."""
    closes_at: str | None = None
    """Time of day until just before which it is manned; earlier than opens_at: past midnight."""
    closed: bool = False
    """Nobody mans it from valid_from on."""
    valid_to: datetime | None = None
    """In force until just before this instant; null: until the next change."""
