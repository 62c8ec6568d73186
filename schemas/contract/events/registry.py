"""Facts of the topic `registry-citizens`: snapshots of the population register."""

from datetime import datetime

import msgspec

from schemas.contract.ids import EventId
from schemas.contract.terms import DocumentKind, RemovalReason, Sex


class HeldDocument(msgspec.Struct, frozen=True, gc=False):
    kind: DocumentKind
    number: str


class CitizenRecorded(msgspec.Struct, frozen=True, gc=False):
    event_id: EventId
    person_number: str
    documents: list[HeldDocument]
    full_name: str
    birth_date: str
    sex: Sex
    snapshot_id: str
    recorded_at: datetime
    received_at: datetime
    phone: str | None = None
    permanent_code: str | None = None
    permanent_detail: str | None = None
    temporary_code: str | None = None
    household_number: str | None = None


class CitizenRemoved(msgspec.Struct, frozen=True, gc=False):
    event_id: EventId
    person_number: str
    snapshot_id: str
    removed_at: datetime
    received_at: datetime
    reason: RemovalReason = "unknown"
