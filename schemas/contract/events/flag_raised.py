"""Holds the record `FlagRaised`, which is generated from its Avro schema."""

from datetime import datetime

import msgspec

from schemas.contract.ids import FlagId, PersonId


class FlagRaised(msgspec.Struct, frozen=True, gc=False):
    """A rule found something in a person's history; again with the same id when its reasons or
    causes change.
    """

    flag_id: FlagId
    """Derived from rule, person and subject, so that every order of arrival gives the same."""
    person_id: PersonId
    """Pseudonym of the person: keyed hash, 32 hexadecimal digits. Key of the topic."""
    rule: str
    """The rule that found it."""
    subject: str
    """What the flag is about: an entry's id or a document's pseudonym."""
    reasons: list[str]
    """Reason codes, most telling first."""
    causes: list[str]
    """Ids of the events that caused it."""
    occurred_at: datetime
    """Time of the event the flag is about."""
    reference_version: int
    """Version of the reference data it was judged by."""
    version: int
    """Version of the journal record that raised it; of two records with one flag id the higher
    holds.
    """
    raised_at: datetime
    """When the entry that raised it was received."""
