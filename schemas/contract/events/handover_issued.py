"""Holds the record `HandoverIssued`, which is generated from its Avro schema."""

from datetime import datetime

import msgspec

from schemas.contract.ids import CaseId, EventId, HandoverId


class HandoverIssued(msgspec.Struct, frozen=True, gc=False):
    """A list is complete and waits for the committee of its commune; a later issue of the same list
    replaces it.
    """

    event_id: EventId
    """UUID of this event; a retry carries the same one."""
    handover_id: HandoverId
    """The list of one case for one commune, all its revisions. Key of the topic."""
    case_id: CaseId
    """The case (F0) that the trace began with."""
    unit_code: str
    """Commune whose people they are; empty if nobody knows it."""
    people: int
    """How many people the list has; 0 withdraws it."""
    rules_id: str
    """Set of exposure rules of the trace."""
    depth: int
    """Generations followed."""
    follow_days: int
    """For how many days after the last exposure they are watched."""
    unlisted: int
    """Contacts in crowds that lie below the cut of the trace."""
    deadline_at: datetime
    """Until when its receipt has to be acknowledged."""
    issued_at: datetime
    """When it was issued."""
    submitted_by: str
    """Account that did it."""
