"""Holds the record `HandoverAsked`, which is generated from its Avro schema."""

from datetime import datetime

import msgspec

from schemas.contract.ids import CaseId, EventId


class HandoverAsked(msgspec.Struct, frozen=True, gc=False):
    """A case was traced and handed over: what was asked, so that the next hand-over can ask the
    same.

    The lists it changed follow as events of their own.
    """

    event_id: EventId
    """UUID of this event; a retry carries the same one."""
    case_id: CaseId
    """The case (F0) that the trace began with. Key of this event."""
    question: str
    """What was said of the trace and of the follow-up, as JSON with the fields of the door; what
    was left open is not in it.
    """
    issued: int
    """How many lists it issued or revised."""
    asked_at: datetime
    """When it was asked."""
    submitted_by: str
    """Account that did it."""
    report_id: EventId = EventId("00000000-0000-0000-0000-000000000000")
    """Report on the case that the trace went by; a later one makes its lists outdated."""
