"""Holds the record `PresenceReported`, which is generated from its Avro schema."""

from datetime import datetime

import msgspec

from schemas.contract.ids import DocumentKey, EventId
from schemas.contract.terms import DocumentKindSymbol, Granularity


class PresenceReported(msgspec.Struct, frozen=True, gc=False):
    """Somebody was somewhere for a while, as another source than a checkpoint says: a site, an
    interview, a contact data set.
    """

    event_id: EventId
    """UUID of this event, made by the client or the door; a retry carries the same one."""
    document_key: DocumentKey
    """Pseudonym of the identity document: keyed hash, 32 hexadecimal digits. Key of the topic."""
    place: str
    """Where, as kind:id; `meeting:` and an id for two people whose place nobody named."""
    began_at: datetime
    """From when they were there."""
    ended_at: datetime
    """Until when they were there, at most a day later."""
    received_at: datetime
    """When the door accepted it."""
    submitted_by: str
    """Account that submitted it."""
    document_kind: DocumentKindSymbol | None = None
    """Kind of the document shown; null for our own code, which carries a pseudonym only."""
    document_number: str | None = None
    """The document's number in canonical form; null for a person whom only the source names."""
    granularity: Granularity = "minute"
    """How exactly the source knows the period."""
    distance_m: float | None = None
    """How far from the other person, in metres, where it was measured."""
