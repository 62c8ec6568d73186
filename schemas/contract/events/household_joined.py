"""Holds the record `HouseholdJoined`, which is generated from its Avro schema."""

from datetime import datetime

import msgspec

from schemas.contract.ids import EventId, HouseholdKey, PersonId


class HouseholdJoined(msgspec.Struct, frozen=True, gc=False):
    """The register has a person in a household."""

    person_id: PersonId
    """Pseudonym of the person. Key of the topic."""
    household_key: HouseholdKey
    """Pseudonym of the household's number (hộ khẩu): keyed hash, 32 hexadecimal digits."""
    cause_id: EventId
    """The register's row that said so."""
    joined_at: datetime
    """State of the register that the row shows."""
    received_at: datetime
    """When the door accepted that row."""
