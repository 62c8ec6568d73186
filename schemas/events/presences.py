"""Facts of the topic `presences`, written by the doors."""

from datetime import datetime

import msgspec

from schemas.ids import DocumentKey, EventId
from schemas.terms import DocumentKind, Granularity


class PresenceReported(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    event_id: EventId
    document_key: DocumentKey
    document_kind: DocumentKind | None = None
    document_number: str | None = None
    place: str
    began_at: datetime
    ended_at: datetime
    granularity: Granularity = "minute"
    distance_m: float | None = None
    received_at: datetime
    submitted_by: str
