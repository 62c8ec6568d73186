"""Facts of the topic `presences`, written by the doors."""

from datetime import datetime

import msgspec

from schemas.contract.ids import DocumentKey, EventId
from schemas.contract.terms import DocumentKind, Granularity


class PresenceReported(msgspec.Struct, frozen=True, gc=False):
    event_id: EventId
    document_key: DocumentKey
    place: str
    began_at: datetime
    ended_at: datetime
    received_at: datetime
    submitted_by: str
    document_kind: DocumentKind | None = None
    document_number: str | None = None
    granularity: Granularity = "minute"
    distance_m: float | None = None
