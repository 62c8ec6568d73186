"""Facts of the topic `follow-ups`: contacts, day by day."""

from datetime import date, datetime

import msgspec

from schemas.contract.ids import EventId, PersonId
from schemas.contract.terms import FollowUpStatus


class FollowUpReported(msgspec.Struct, frozen=True, gc=False):
    event_id: EventId
    person_id: PersonId
    day: date
    status: FollowUpStatus
    reported_at: datetime
    received_at: datetime
    submitted_by: str
    symptoms: list[str] = []
    temperature_c: float | None = None
