"""Holds the record `DocumentUnlinked`, which is generated from its Avro schema."""

from datetime import datetime

import msgspec

from schemas.contract.ids import DocumentKey, EventId, PersonId
from schemas.contract.terms import LinkSource, RemovalReason


class DocumentUnlinked(msgspec.Struct, frozen=True, gc=False):
    """A source withdrew its link.

    With reason deceased or moved_away the document still belongs to the person.
    """

    document_key: DocumentKey
    """Pseudonym of the identity document: keyed hash, 32 hexadecimal digits. Key of the topic."""
    source: LinkSource
    """The source that withdrew its link."""
    cause_id: EventId
    """The event that withdrew the link."""
    unlinked_at: datetime
    """Time of that event."""
    reason: RemovalReason = "unknown"
    """Why the register no longer has the person; unknown also if the register still has them."""
    received_at: datetime | None = None
    """When the door accepted that event; the link's end is known from then on.

    Null in older records.
    """
    person_id: PersonId | None = None
    """The person it was withdrawn from; a later link of the source to another person still holds.

    Null in older records: every person this source linked.
    """
