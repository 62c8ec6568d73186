"""Holds the record `VehiclePermitted`, which is generated from its Avro schema."""

from datetime import datetime

import msgspec

from schemas.contract.ids import DocumentKey, EventId, VehicleKey


class VehiclePermitted(msgspec.Struct, frozen=True, gc=False):
    """A green lane permit (luồng xanh) of a vehicle: issued, extended, changed or revoked.

    A later word on the same permit holds, and is whole.
    """

    event_id: EventId
    """UUID of this event, made by the client or the door; a retry carries the same one."""
    permit_id: str
    """Number on the permit."""
    vehicle_key: VehicleKey
    """Pseudonym of the plate of the vehicle, or of the tractor."""
    valid_from: datetime
    """In force from this instant."""
    received_at: datetime
    """When the door accepted it."""
    submitted_by: str
    """Account that sent it."""
    trailer_key: VehicleKey | None = None
    """Pseudonym of the plate of the trailer; null where there is none."""
    crew_keys: list[DocumentKey] = []
    """Pseudonyms of the documents of driver and mates; empty: the permit names nobody."""
    roads: list[str] = []
    """Roads of the permitted route; empty: any."""
    revoked_at: datetime | None = None
    """From when on it is void; null while it is not."""
    valid_to: datetime | None = None
    """In force until just before this instant; null: until the next change."""
