"""Facts of the topic `flags`: findings raised and cleared."""

from datetime import datetime

import msgspec

from schemas.contract.ids import EventId, FlagId, PersonId


class FlagRaised(msgspec.Struct, frozen=True, gc=False):
    flag_id: FlagId
    person_id: PersonId
    rule: str
    subject: str
    reasons: list[str]
    causes: list[str]
    occurred_at: datetime
    reference_version: int
    version: int
    raised_at: datetime


class FlagCleared(msgspec.Struct, frozen=True, gc=False):
    flag_id: FlagId
    person_id: PersonId
    rule: str
    subject: str
    reasons: list[str]
    causes: list[str]
    occurred_at: datetime
    raised_at: datetime
    version: int
    cause_id: EventId
    cleared_at: datetime
