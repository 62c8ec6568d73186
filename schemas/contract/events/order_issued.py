"""Holds the record `OrderIssued`, which is generated from its Avro schema."""

from datetime import datetime

import msgspec

from schemas.contract.ids import DocumentKey, EventId, OrderId
from schemas.contract.terms import DocumentKindSymbol, OrderKind, OrderStatus, Sex


class OrderIssued(msgspec.Struct, frozen=True, gc=False):
    """A quarantine or home isolation order for a person: issued, extended, shortened or lifted."""

    event_id: EventId
    """UUID of this event, made by the client or the door; a retry carries the same one."""
    document_key: DocumentKey
    """Pseudonym of the identity document: keyed hash, 32 hexadecimal digits. Key of the topic."""
    document_kind: DocumentKindSymbol
    """What kind of identity document it is."""
    document_number: str
    """The document's number in canonical form."""
    order_id: OrderId
    """UUID of the order; everything said of it later carries the same one."""
    kind: OrderKind
    """quarantine at a facility, or isolation at home."""
    status: OrderStatus
    """in_force, or lifted: it no longer holds, from the beginning or from ends_at on."""
    unit_code: str
    """Commune of the facility or home."""
    begins_at: datetime
    """From when on the person has to stay there."""
    issued_at: datetime
    """When the authority said so: of two words on one order the later holds."""
    received_at: datetime
    """When the door accepted it."""
    submitted_by: str
    """Account that submitted it."""
    full_name: str | None = None
    """Name as reported."""
    birth_date: str | None = None
    """ISO date, or YYYY-MM, or YYYY where only that is known."""
    sex: Sex | None = None
    """Sex as reported."""
    ends_at: datetime | None = None
    """Until when; null while that is not decided."""
    decision: str | None = None
    """Number of the decision."""
