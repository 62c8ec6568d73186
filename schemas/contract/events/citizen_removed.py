"""Holds the record `CitizenRemoved`, which is generated from its Avro schema."""

from datetime import datetime

import msgspec

from schemas.contract.ids import EventId
from schemas.contract.terms import RemovalReason


class CitizenRemoved(msgspec.Struct, frozen=True, gc=False):
    """A person is no longer in the population register."""

    event_id: EventId
    """UUID of this event, made by the client or the door; a retry carries the same one."""
    person_number: str
    """Personal identification number, 12 digits. Key of the topic."""
    snapshot_id: str
    """The snapshot that left the person out."""
    removed_at: datetime
    """State of the register that the snapshot shows."""
    received_at: datetime
    """When the door accepted it."""
    reason: RemovalReason = "unknown"
    """Why the register no longer has the person."""
