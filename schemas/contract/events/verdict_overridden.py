"""Holds the record `VerdictOverridden`, which is generated from its Avro schema."""

from datetime import datetime

import msgspec

from schemas.contract.ids import EventId, PersonId
from schemas.contract.terms import Decision, OverrideReason


class VerdictOverridden(msgspec.Struct, frozen=True, gc=False):
    """The officer at the post decided otherwise than the verdict, for a reason.

    Of several words on one scan the latest holds.
    """

    event_id: EventId
    """UUID of this event, made by the client or the door; a retry carries the same one."""
    scan_id: EventId
    """The scan."""
    person_id: PersonId
    """Pseudonym of the person as the verdict knew them. Key of the topic."""
    checkpoint_id: str
    """The post."""
    verdict: Decision
    """What the verdict said."""
    decision: Decision
    """What the officer did."""
    reason: OverrideReason
    """Why: a code, so that no name or story is kept."""
    overridden_at: datetime
    """When."""
    received_at: datetime
    """When the door accepted it."""
    submitted_by: str
    """Account that did it: the team."""
