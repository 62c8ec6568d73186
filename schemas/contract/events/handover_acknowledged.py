"""Holds the record `HandoverAcknowledged`, which is generated from its Avro schema."""

from datetime import datetime

import msgspec

from schemas.contract.ids import EventId, HandoverId


class HandoverAcknowledged(msgspec.Struct, frozen=True, gc=False):
    """The committee of a commune has received a list."""

    event_id: EventId
    """UUID of this event; a retry carries the same one."""
    handover_id: HandoverId
    """The list of one case for one commune, all its revisions. Key of the topic."""
    issue_id: EventId
    """The issue that was received."""
    acknowledged_at: datetime
    """When."""
    submitted_by: str
    """Account that did it."""
