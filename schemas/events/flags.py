"""Facts of the topic `flags`: findings raised and cleared."""

from dataclasses import dataclass
from datetime import datetime

from schemas.ids import EventId, FlagId, PersonId


@dataclass(frozen=True, slots=True, kw_only=True)
class FlagRaised:
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


@dataclass(frozen=True, slots=True, kw_only=True)
class FlagCleared:
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
