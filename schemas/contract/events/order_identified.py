"""Holds the record `OrderIdentified`, which is generated from its Avro schema."""

from datetime import datetime

import msgspec

from schemas.contract.events.known_period import KnownPeriod
from schemas.contract.ids import DocumentKey, EventId, OrderId, PersonId
from schemas.contract.terms import Likeness, OrderKind, OrderStatus


class OrderIdentified(msgspec.Struct, frozen=True, gc=False):
    """A quarantine or home isolation order, at its person.

    occurred_at: when the authority said so.
    """

    entry_id: EventId
    """UUID of the door event it comes from."""
    person_id: PersonId
    """Pseudonym of the person: keyed hash, 32 hexadecimal digits. Key of the topic."""
    document_key: DocumentKey
    """Pseudonym of the document that led to the person."""
    revision: int
    """Version of the link record it was made with, -1 for none; of two entries with one id the
    higher holds.
    """
    withdrawn: bool
    """The entry left this person: a link moved it to another one."""
    fresh: bool
    """First time the entry is written; a scan gets its verdict then."""
    reference_version: int
    """Version of the reference data known when it was identified, -1 for none."""
    known: bool
    """Whether the register knows the document."""
    match_name: Likeness
    """Declared name against the register's."""
    match_birth_date: Likeness
    """Declared birth date against the register's."""
    match_sex: Likeness
    """Declared sex against the register's."""
    occurred_at: datetime
    """When it happened: declared, scanned or injected."""
    received_at: datetime
    """When the door accepted it."""
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
    ends_at: datetime | None = None
    """Until when; null while that is not decided."""
    known_from: datetime | None = None
    """From when this was known to be the person's; null: from when the door accepted it."""
    formerly: list[KnownPeriod] = []
    """Periods in which it was known to be this person's before a link moved it, the earliest first.
    """
