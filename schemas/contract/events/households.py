"""Facts of the topic `households`: who lives with whom."""

from datetime import datetime

import msgspec

from schemas.contract.ids import EventId, HouseholdKey, PersonId


class HouseholdJoined(msgspec.Struct, frozen=True, gc=False):
    person_id: PersonId
    household_key: HouseholdKey
    cause_id: EventId
    joined_at: datetime
    received_at: datetime


class HouseholdLeft(msgspec.Struct, frozen=True, gc=False):
    person_id: PersonId
    household_key: HouseholdKey
    cause_id: EventId
    left_at: datetime
    received_at: datetime
