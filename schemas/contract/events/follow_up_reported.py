"""Holds the record `FollowUpReported`, which is generated from its Avro schema."""

from datetime import date, datetime

import msgspec

from schemas.contract.ids import EventId, PersonId
from schemas.contract.terms import FollowUpStatus


class FollowUpReported(msgspec.Struct, frozen=True, gc=False):
    """What was found of a contact on one day of their follow-up; of the reports on one day the
    latest holds.
    """

    event_id: EventId
    """UUID of this event; a retry carries the same one."""
    person_id: PersonId
    """Pseudonym of the person. Key of the topic."""
    day: date
    """The day, in Vietnam."""
    status: FollowUpStatus
    """Whether they were met."""
    reported_at: datetime
    """When it was found."""
    received_at: datetime
    """When the door accepted it."""
    submitted_by: str
    """Account that did it."""
    symptoms: list[str] = []
    """Symptoms on that day, by code."""
    temperature_c: float | None = None
    """Body temperature in °C, where it was taken."""
