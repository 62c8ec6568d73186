"""Holds the record `FlagCleared`, which is generated from its Avro schema."""

from datetime import datetime

import msgspec

from schemas.contract.ids import EventId, FlagId, PersonId


class FlagCleared(msgspec.Struct, frozen=True, gc=False):
    """What a rule had found no longer holds."""

    flag_id: FlagId
    """The flag."""
    person_id: PersonId
    """Pseudonym of the person: keyed hash, 32 hexadecimal digits. Key of the topic."""
    rule: str
    """The rule that found it."""
    subject: str
    """What the flag was about."""
    reasons: list[str]
    """Reason codes it had."""
    causes: list[str]
    """Ids of the events that had caused it."""
    occurred_at: datetime
    """Time of the event it was about."""
    raised_at: datetime
    """When it was first raised."""
    version: int
    """Version of the journal record that cleared it."""
    cause_id: EventId
    """The entry that cleared it."""
    cleared_at: datetime
    """When that entry was received."""
