"""Holds the record `TestIdentified`, which is generated from its Avro schema."""

from datetime import datetime

import msgspec

from schemas.contract.ids import DocumentKey, EventId, NameKey, PersonId
from schemas.contract.terms import Likeness, TestKind, TestResult


class TestIdentified(msgspec.Struct, frozen=True, gc=False):
    """A test result, at the person it belongs to. `occurred_at`: when the result was issued."""

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
    kind: TestKind
    """Rapid antigen test, or RT-PCR."""
    result: TestResult
    """What it found."""
    sampled_at: datetime | None = None
    """When the sample was taken; null if that was not told."""
    laboratory: str | None = None
    """Who made the test."""
    number_contradicts: list[str] = []
    """What the CCCD number itself says otherwise: sex, birth_year, or a province code that nobody
    issues (unknown_province).
    """
    name_key: NameKey | None = None
    """Pseudonym of the family and given name that was said, however it is written; null where no
    name was said.
    """
