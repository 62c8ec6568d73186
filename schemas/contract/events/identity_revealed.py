"""Holds the record `IdentityRevealed`, which is generated from its Avro schema."""

from datetime import datetime

import msgspec

from schemas.contract.ids import EventId, HandoverId, PersonId


class IdentityRevealed(msgspec.Struct, frozen=True, gc=False):
    """An account was told who a pseudonym is. Written before the answer is given."""

    event_id: EventId
    """UUID of this event; a retry carries the same one."""
    request_id: EventId
    """The request that asked for several at once."""
    person_id: PersonId
    """Pseudonym of the person. Key of the topic."""
    handover_id: HandoverId
    """The list on which the person stands, and which gave the right to ask; zeros where a trace
    did.
    """
    role: str
    """Role of the account."""
    purpose: str
    """Why, in the account's own words, which may name somebody."""
    revealed_at: datetime
    """When."""
    submitted_by: str
    """Account that did it."""
    question: str | None = None
    """The trace in whose answer the person stands, and which gave the right to ask, as it was asked
    (JSON); null where a list did.
    """
