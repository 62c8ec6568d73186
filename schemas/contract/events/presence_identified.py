"""Holds the record `PresenceIdentified`, which is generated from its Avro schema."""

from datetime import datetime

import msgspec

from schemas.contract.events.known_period import KnownPeriod
from schemas.contract.ids import DocumentKey, EventId, PersonId
from schemas.contract.terms import Granularity, Likeness


class PresenceIdentified(msgspec.Struct, frozen=True, gc=False):
    """A reported presence of an identified, pseudonymous person."""

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
    place: str
    """Where, as kind:id; `meeting:` and an id for two people whose place nobody named."""
    ended_at: datetime
    """Until when they were there, at most a day later."""
    granularity: Granularity = "minute"
    """How exactly the source knows the period."""
    distance_m: float | None = None
    """How far from the other person, in metres, where it was measured."""
    known_from: datetime | None = None
    """From when this was known to be the person's; null: from when the door accepted it."""
    formerly: list[KnownPeriod] = []
    """Periods in which it was known to be this person's before a link moved it, the earliest first.
    """
