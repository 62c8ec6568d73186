"""Facts of the topic `overrides`: what officers decided otherwise than the verdict."""

from datetime import datetime

import msgspec

from schemas.contract.ids import EventId, PersonId
from schemas.contract.terms import Decision, OverrideReason


class VerdictOverridden(msgspec.Struct, frozen=True, gc=False):
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
