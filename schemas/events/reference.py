"""Facts of the topic `reference`: zones, checkpoints and policies, each in force from an instant on."""

from dataclasses import dataclass
from datetime import datetime

from schemas.ids import EventId
from schemas.terms import Decision, ZoneLevel


@dataclass(frozen=True, slots=True, kw_only=True)
class ZoneLevelDecided:
    event_id: EventId
    unit_code: str
    level: ZoneLevel
    valid_from: datetime
    valid_to: datetime | None = None
    decision: str | None = None
    received_at: datetime
    submitted_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckpointDescribed:
    event_id: EventId
    checkpoint_id: str
    name: str
    unit_code: str
    road: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    valid_from: datetime
    valid_to: datetime | None = None
    received_at: datetime
    submitted_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyAdopted:
    event_id: EventId
    policy_id: str
    declaration_valid_hours: int = 72
    decisions: dict[str, Decision]
    valid_from: datetime
    valid_to: datetime | None = None
    received_at: datetime
    submitted_by: str
