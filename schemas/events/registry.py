"""Facts of the topic `registry-citizens`: snapshots of the population register."""

from dataclasses import dataclass
from datetime import datetime

from schemas.ids import EventId
from schemas.terms import DocumentKind, RemovalReason, Sex


@dataclass(frozen=True, slots=True)
class HeldDocument:
    kind: DocumentKind
    number: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CitizenRecorded:
    event_id: EventId
    person_number: str
    documents: list[HeldDocument]
    full_name: str
    birth_date: str
    sex: Sex
    phone: str | None = None
    permanent_code: str | None = None
    permanent_detail: str | None = None
    temporary_code: str | None = None
    household_number: str | None = None
    snapshot_id: str
    recorded_at: datetime
    received_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CitizenRemoved:
    event_id: EventId
    person_number: str
    snapshot_id: str
    removed_at: datetime
    reason: RemovalReason = "unknown"
    received_at: datetime
