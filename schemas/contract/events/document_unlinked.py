"""Holds the record `DocumentUnlinked`, which is generated from its Avro schema."""

from datetime import datetime

import msgspec

from schemas.contract.ids import DocumentKey, EventId, PersonId
from schemas.contract.terms import LinkSource, RemovalReason


class DocumentUnlinked(msgspec.Struct, frozen=True, gc=False):
    """A source no longer says to whom the document belongs; of a person who died or moved away: it
    is theirs still, but the register knows them no longer.
    """

    document_key: DocumentKey
    """Pseudonym of the identity document: keyed hash, 32 hexadecimal digits. Key of the topic."""
    source: LinkSource
    """Who no longer says so."""
    cause_id: EventId
    """The event that withdrew it."""
    unlinked_at: datetime
    """Time of that event."""
    reason: RemovalReason = "unknown"
    """Why the register no longer has the person; unknown also where the person is still there."""
    received_at: datetime | None = None
    """When the door accepted that event: known from then on; null in records written before this
    was told.
    """
    person_id: PersonId | None = None
    """The person whose it no longer is: if the source has said meanwhile that it is another's, that
    holds.

    Null in records written before this was told: whoever's it is.
    """
