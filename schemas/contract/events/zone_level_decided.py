"""Holds the record `ZoneLevelDecided`, which is generated from its Avro schema."""

from datetime import datetime

import msgspec

from schemas.contract.ids import EventId
from schemas.contract.terms import ZoneLevel


class ZoneLevelDecided(msgspec.Struct, frozen=True, gc=False):
    """A decision put a commune, district or province on one of four levels (Decision
    2686/QĐ-BCĐQG).
    """

    event_id: EventId
    """UUID of this event, made by the client or the door; a retry carries the same one."""
    unit_code: str
    """Province, district or commune code of 2021."""
    level: ZoneLevel
    """Level of risk."""
    valid_from: datetime
    """In force from this instant."""
    received_at: datetime
    """When the door accepted it."""
    submitted_by: str
    """Account that sent it."""
    valid_to: datetime | None = None
    """In force until just before this instant; null: until the next change."""
    decision: str | None = None
    """Number of the decision."""
