"""Holds the record `ContactHandedOver`, which is generated from its Avro schema."""

from datetime import date, datetime

import msgspec

from schemas.contract.ids import CaseId, EventId, HandoverId, PersonId


class ContactHandedOver(msgspec.Struct, frozen=True, gc=False):
    """One person on a list handed over to the committee of their commune."""

    event_id: EventId
    """UUID of this event; a retry carries the same one."""
    issue_id: EventId
    """The issue of the list that this line stands on."""
    handover_id: HandoverId
    """The list of one case for one commune, all its revisions. Key of the topic."""
    case_id: CaseId
    """The case (F0) that the trace began with."""
    unit_code: str
    """Commune of residence; empty if nobody knows it."""
    person_id: PersonId
    """Pseudonym of the person."""
    generation: int
    """1 for F1, 2 for F2 …"""
    exposed_at: datetime
    """When they may have caught it."""
    last_exposed_at: datetime
    """End of the last contact with somebody who may have infected them."""
    follow_until: date
    """Last day on which they are watched, in Vietnam."""
    source_id: PersonId
    """Pseudonym of who may have infected them."""
    place: str
    """Where, as kind:id."""
    issued_at: datetime
    """When the list was issued."""
