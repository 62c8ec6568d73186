"""Facts of the topic `handovers`: lists of contacts on their way to the committees of their communes."""

from datetime import date, datetime

import msgspec

from schemas.contract.ids import CaseId, EventId, HandoverId, PersonId


class ContactHandedOver(msgspec.Struct, frozen=True, gc=False):
    event_id: EventId
    issue_id: EventId
    handover_id: HandoverId
    case_id: CaseId
    unit_code: str
    person_id: PersonId
    generation: int
    exposed_at: datetime
    last_exposed_at: datetime
    follow_until: date
    source_id: PersonId
    place: str
    issued_at: datetime


class HandoverIssued(msgspec.Struct, frozen=True, gc=False):
    event_id: EventId
    handover_id: HandoverId
    case_id: CaseId
    unit_code: str
    people: int
    rules_id: str
    depth: int
    follow_days: int
    unlisted: int
    deadline_at: datetime
    issued_at: datetime
    submitted_by: str


class HandoverAcknowledged(msgspec.Struct, frozen=True, gc=False):
    event_id: EventId
    handover_id: HandoverId
    issue_id: EventId
    acknowledged_at: datetime
    submitted_by: str


class HandoverEscalated(msgspec.Struct, frozen=True, gc=False):
    event_id: EventId
    handover_id: HandoverId
    issue_id: EventId
    to_unit_code: str
    escalated_at: datetime


class HandoverAsked(msgspec.Struct, frozen=True, gc=False):
    event_id: EventId
    case_id: CaseId
    question: str
    issued: int
    asked_at: datetime
    submitted_by: str
    report_id: EventId = EventId("00000000-0000-0000-0000-000000000000")
