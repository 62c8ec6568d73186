"""Facts of the topic `households`: who lives with whom."""

from dataclasses import dataclass
from datetime import datetime

from schemas.ids import EventId, HouseholdKey, PersonId


@dataclass(frozen=True, slots=True, kw_only=True)
class HouseholdJoined:
    person_id: PersonId
    household_key: HouseholdKey
    cause_id: EventId
    joined_at: datetime
    received_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class HouseholdLeft:
    person_id: PersonId
    household_key: HouseholdKey
    cause_id: EventId
    left_at: datetime
    received_at: datetime
