"""Holds the record `DoseIdentified`, which is generated from its Avro schema."""

from datetime import date, datetime

import msgspec

from schemas.contract.ids import DocumentKey, EventId, NameKey, PersonId
from schemas.contract.terms import Likeness


class DoseIdentified(msgspec.Struct, frozen=True, gc=False):
    """A vaccine dose of an identified, pseudonymous person."""

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
    dose_number: int
    """1 for the first dose."""
    product: str
    """Vaccine as written in the export."""
    administered_on: date
    """Day it was given."""
    facility: str | None = None
    """Where it was given."""
    number_contradicts: list[str] = []
    """What the CCCD number itself says otherwise: sex, birth_year, or a province code that nobody
    issues (unknown_province).
    """
    name_key: NameKey | None = None
    """Pseudonym of the family and given name that was said, however it is written; null where no
    name was said.
    """
    before_birth: bool = False
    """The day lies before the birth date in the record, or before the register's; the birth date
    itself stays outside.
    """
    after_death: bool = False
    """The day lies after the register had removed the person as deceased."""
