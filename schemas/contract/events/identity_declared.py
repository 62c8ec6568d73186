"""Holds the record `IdentityDeclared`, which is generated from its Avro schema."""

from datetime import datetime

import msgspec

from schemas.contract.events.known_period import KnownPeriod
from schemas.contract.ids import DocumentKey, EventId, PersonId
from schemas.contract.terms import DocumentKindSymbol, Sex


class IdentityDeclared(msgspec.Struct, frozen=True, gc=False):
    """Who somebody said they were at a door; goes to the identity vault only."""

    entry_id: EventId
    """UUID of the door event it comes from."""
    person_id: PersonId
    """Pseudonym of the person: keyed hash, 32 hexadecimal digits. Key of the topic."""
    document_key: DocumentKey
    """Pseudonym of the document."""
    revision: int
    """The word is the journal's."""
    withdrawn: bool
    """It left this person."""
    document_kind: DocumentKindSymbol
    """Kind of the document."""
    document_number: str
    """Its number."""
    occurred_at: datetime
    """When it was said."""
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
    """From when this was known to be the person's; null: where it is withdrawn, and in records
    written before this was told.
    """
    formerly: list[KnownPeriod] = []
    """Periods in which it was known to be this person's before a link moved it, the earliest first.
    """
