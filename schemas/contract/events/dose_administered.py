"""Holds the record `DoseAdministered`, which is generated from its Avro schema."""

from datetime import date, datetime

import msgspec

from schemas.contract.ids import DocumentKey, EventId
from schemas.contract.terms import DocumentKindSymbol, Sex


class DoseAdministered(msgspec.Struct, frozen=True, gc=False):
    """One dose of vaccine was given, as the vaccination register exported it."""

    event_id: EventId
    """UUID of this event, made by the client or the door; a retry carries the same one."""
    document_key: DocumentKey
    """Pseudonym of the identity document: keyed hash, 32 hexadecimal digits. Key of the topic."""
    document_kind: DocumentKindSymbol
    """What kind of identity document it is."""
    document_number: str
    """The document's number in canonical form."""
    full_name: str
    """Name as given: family, middle, given."""
    birth_date: str
    """ISO date, or YYYY-MM, or YYYY where only that is known."""
    sex: Sex
    """Sex as given."""
    dose_number: int
    """1 for the first dose."""
    product: str
    """Vaccine as written in the export."""
    administered_on: date
    """Day it was given."""
    received_at: datetime
    """When the door accepted it."""
    submitted_by: str
    """Account that sent it."""
    lot: str | None = None
    """Lot number."""
    facility: str | None = None
    """Where it was given."""
