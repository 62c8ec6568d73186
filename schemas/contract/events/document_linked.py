"""Holds the record `DocumentLinked`, which is generated from its Avro schema."""

from datetime import datetime

import msgspec

from schemas.contract.ids import DocumentKey, EventId, PersonId
from schemas.contract.terms import DocumentKindSymbol, LinkSource, Sex


class DocumentLinked(msgspec.Struct, frozen=True, gc=False):
    """An identity document belongs to a person: said by the register, by a card that shows two
    numbers, or by a paper form.
    """

    document_key: DocumentKey
    """Pseudonym of the identity document: keyed hash, 32 hexadecimal digits. Key of the topic."""
    document_kind: DocumentKindSymbol
    """Kind of the document."""
    document_number: str
    """Its number in canonical form."""
    person_id: PersonId
    """Pseudonym of the person."""
    source: LinkSource
    """Who says so; the register outranks the others."""
    registered: bool
    """Whether the register knows the person; if so its fields follow."""
    cause_id: EventId
    """The event that said so."""
    linked_at: datetime
    """Time of that event."""
    full_name: str | None = None
    """Name in the register."""
    birth_date: str | None = None
    """Birth date in the register."""
    sex: Sex | None = None
    """Sex as given."""
    phone: str | None = None
    """Phone in the register."""
    residence_code: str | None = None
    """Unit code of the residence in the register."""
    residence_detail: str | None = None
    """Detail of the residence."""
    permanent_code: str | None = None
    """Unit code of the permanent residence in the register."""
    temporary_code: str | None = None
    """Unit code of the temporary residence in the register."""
    received_at: datetime | None = None
    """When the door accepted that event; the link is known from then on. Null in older records."""
