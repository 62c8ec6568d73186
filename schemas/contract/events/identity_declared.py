"""Holds the record `IdentityDeclared`, which is generated from its Avro schema."""

from datetime import datetime

import msgspec

from schemas.contract.events.known_period import KnownPeriod
from schemas.contract.ids import DocumentKey, EventId, PersonId
from schemas.contract.terms import DocumentKindSymbol, Sex


class IdentityDeclared(msgspec.Struct, frozen=True, gc=False):
    """Identity that a person claimed at a door. The record goes to the identity vault only."""

    entry_id: EventId
    """UUID of the door event it comes from."""
    person_id: PersonId
    """Pseudonym of the person: keyed hash, 32 hexadecimal digits. Key of the topic."""
    document_key: DocumentKey
    """Pseudonym of the document."""
    revision: int
    """Same meaning as `revision` in the journal."""
    withdrawn: bool
    """True if a link moved the event to another person."""
    document_kind: DocumentKindSymbol
    """Kind of the document."""
    document_number: str
    """Number of the document."""
    occurred_at: datetime
    """When the person claimed it."""
    full_name: str | None = None
    """Name as given."""
    birth_date: str | None = None
    """Birth date as given."""
    sex: Sex | None = None
    """Sex as given."""
    phone: str | None = None
    """Phone as given."""
    lodging_code: str | None = None
    """Unit code of the lodging."""
    lodging_detail: str | None = None
    """Detail of the lodging."""
    vehicle_plate: str | None = None
    """Number plate, normalised."""
    known_from: datetime | None = None
    """From when the event was known to be this person's; null if withdrawn, and in older records.
    """
    formerly: list[KnownPeriod] = []
    """Periods in which the event was known to be this person's before a link moved it, the earliest
    first.
    """
