"""Facts of the topic `reveals`: who was told who a pseudonym is."""

from datetime import datetime

import msgspec

from schemas.contract.ids import EventId, HandoverId, PersonId


class IdentityRevealed(msgspec.Struct, frozen=True, gc=False):
    event_id: EventId
    request_id: EventId
    person_id: PersonId
    handover_id: HandoverId
    role: str
    purpose: str
    revealed_at: datetime
    submitted_by: str
    question: str | None = None
