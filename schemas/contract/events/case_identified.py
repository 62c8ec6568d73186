"""Holds the record `CaseIdentified`, which is generated from its Avro schema."""

from datetime import datetime

import msgspec

from schemas.contract.events.known_period import KnownPeriod
from schemas.contract.ids import CaseId, DocumentKey, EventId, PersonId
from schemas.contract.terms import CaseStatus, Likeness


class CaseIdentified(msgspec.Struct, frozen=True, gc=False):
    """A report on a case, of an identified, pseudonymous person."""

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
    case_id: CaseId
    """UUID of the case; everything reported of it later carries the same one."""
    status: CaseStatus
    """confirmed, or retracted: a false positive, or not this person."""
    onset_at: datetime | None = None
    """First symptoms; null for a case without any."""
    sampled_at: datetime | None = None
    """When the positive sample was taken."""
    isolated_at: datetime | None = None
    """From when on the person could infect nobody else; null while that is not so."""
    known_from: datetime | None = None
    """From when this was known to be the person's; null: from when the door accepted it."""
    formerly: list[KnownPeriod] = []
    """Periods in which it was known to be this person's before a link moved it, the earliest first.
    """
