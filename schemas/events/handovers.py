"""Facts of the topic `handovers`: lists of contacts on their way to the committees of their communes."""

from dataclasses import dataclass
from datetime import date, datetime

from schemas.ids import CaseId, EventId, HandoverId, PersonId


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactHandedOver:
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


@dataclass(frozen=True, slots=True, kw_only=True)
class HandoverIssued:
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


@dataclass(frozen=True, slots=True, kw_only=True)
class HandoverAcknowledged:
    event_id: EventId
    handover_id: HandoverId
    issue_id: EventId
    acknowledged_at: datetime
    submitted_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HandoverEscalated:
    event_id: EventId
    handover_id: HandoverId
    issue_id: EventId
    to_unit_code: str
    escalated_at: datetime
