"""Facts of the topic `reveals`: who was told who a pseudonym is."""

from dataclasses import dataclass
from datetime import datetime

from schemas.ids import EventId, HandoverId, PersonId


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentityRevealed:
    event_id: EventId
    request_id: EventId
    person_id: PersonId
    handover_id: HandoverId
    role: str
    purpose: str
    revealed_at: datetime
    submitted_by: str
