"""Holds the record `HandoverEscalated`, which is generated from its Avro schema."""

from datetime import datetime

import msgspec

from schemas.contract.ids import EventId, HandoverId


class HandoverEscalated(msgspec.Struct, frozen=True, gc=False):
    """A list that nobody acknowledged in time is shown to the committee above."""

    event_id: EventId
    """UUID of this event; a retry carries the same one."""
    handover_id: HandoverId
    """The list of one case for one commune, all its revisions. Key of the topic."""
    issue_id: EventId
    """The issue that nobody acknowledged."""
    to_unit_code: str
    """District or province that is told."""
    escalated_at: datetime
    """When."""
