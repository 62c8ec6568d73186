"""Facts of the topic `follow-ups`: contacts, day by day."""

from dataclasses import dataclass, field
from datetime import date, datetime

from schemas.ids import EventId, PersonId
from schemas.terms import FollowUpStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUpReported:
    event_id: EventId
    person_id: PersonId
    day: date
    status: FollowUpStatus
    symptoms: list[str] = field(default_factory=list)
    temperature_c: float | None = None
    reported_at: datetime
    received_at: datetime
    submitted_by: str
