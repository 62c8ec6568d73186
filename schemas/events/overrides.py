"""Facts of the topic `overrides`: what officers decided otherwise than the verdict."""

from dataclasses import dataclass
from datetime import datetime

from schemas.ids import EventId, PersonId
from schemas.terms import Decision, OverrideReason


@dataclass(frozen=True, slots=True, kw_only=True)
class VerdictOverridden:
    event_id: EventId
    scan_id: EventId
    person_id: PersonId
    checkpoint_id: str
    verdict: Decision
    decision: Decision
    reason: OverrideReason
    overridden_at: datetime
    received_at: datetime
    submitted_by: str
