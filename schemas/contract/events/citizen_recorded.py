"""Holds the record `CitizenRecorded`, which is generated from its Avro schema."""

from datetime import datetime

import msgspec

from schemas.contract.events.held_document import HeldDocument
from schemas.contract.ids import EventId
from schemas.contract.terms import Sex


class CitizenRecorded(msgspec.Struct, frozen=True, gc=False):
    """One row of a snapshot of the population register."""

    event_id: EventId
    """UUID of this event, made by the client or the door; a retry carries the same one."""
    person_number: str
    """Personal identification number (số định danh cá nhân), 12 digits. Key of the topic."""
    documents: list[HeldDocument]
    """Every identity document the person holds, the number itself included as cccd."""
    full_name: str
    """Name as given: family, middle, given."""
    birth_date: str
    """ISO date, or YYYY-MM, or YYYY where only that is known."""
    sex: Sex
    """Sex as given."""
    snapshot_id: str
    """The snapshot this row belongs to."""
    recorded_at: datetime
    """State of the register that the snapshot shows."""
    received_at: datetime
    """When the door accepted it."""
    phone: str | None = None
    """Phone number on record."""
    permanent_code: str | None = None
    """Unit code of the permanent residence (thường trú)."""
    permanent_detail: str | None = None
    """House number, street, hamlet."""
    temporary_code: str | None = None
    """Unit code of the temporary residence (tạm trú)."""
    household_number: str | None = None
    """Number of the household register (hộ khẩu)."""
