"""What rules judge: one person's history, as small values, and the findings they make of it. A history is a set: whatever the order of
arrival, equal entries give an equal history."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import msgspec

from schemas.events import DoseIdentified, JourneyIdentified, JudgedEntry, ScanIdentified
from schemas.reference import ReferenceAsOf
from schemas.terms import Direction, Likeness, TransportMode


class Match(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """Declared against registered, field by field."""

    known: bool
    name: Likeness
    birth_date: Likeness
    sex: Likeness

    def differing(self) -> tuple[str, ...]:
        """Reason codes of the fields that differ; near ones are told beside them, and do not count by themselves."""
        if not self.known or "different" not in (self.name, self.birth_date, self.sex):
            return ()
        compared = (("name", self.name), ("birth_date", self.birth_date), ("sex", self.sex))
        different = [f"{field}_different" for field, likeness in compared if likeness == "different"]
        return (*different, *(f"{field}_near" for field, likeness in compared if likeness == "near"))


class Entry(msgspec.Struct, frozen=True, array_like=True, gc=False, kw_only=True):
    entry_id: str
    document_key: str
    revision: int
    reference_version: int
    match: Match
    occurred_at: datetime


class Journey(Entry, frozen=True, array_like=True, gc=False, kw_only=True, tag="j"):
    declaration_id: str
    origin_code: str
    destination_code: str
    departure_at: datetime
    arrival_at: datetime | None
    transport_mode: TransportMode
    symptoms: bool = False
    exposed: bool = False
    contradictions: tuple[str, ...] = ()
    name_key: str = ""
    match_permanent: Likeness = "unknown"
    match_lodging: Likeness = "unknown"

    def valid_at(self, at: datetime, hours: int) -> bool:
        """A declaration counts from the time it was made, for the hours of the policy."""
        return self.occurred_at <= at <= self.occurred_at + timedelta(hours=hours)


class Scan(Entry, frozen=True, array_like=True, gc=False, kw_only=True, tag="s"):
    checkpoint_id: str
    direction: Direction
    declaration_id: str | None
    contradictions: tuple[str, ...] = ()
    name_key: str = ""


class Dose(Entry, frozen=True, array_like=True, gc=False, kw_only=True, tag="d"):
    dose_number: int
    administered_on: date
    contradictions: tuple[str, ...] = ()
    name_key: str = ""


class History(msgspec.Struct, array_like=True, kw_only=True):
    """The live entries of one person, by id."""

    journeys: dict[str, Journey] = {}
    scans: dict[str, Scan] = {}
    doses: dict[str, Dose] = {}

    def entries(self) -> list[Journey | Scan | Dose]:
        return [*self.journeys.values(), *self.scans.values(), *self.doses.values()]

    def entry(self, entry_id: str) -> Journey | Scan | Dose | None:
        return self.scans.get(entry_id) or self.journeys.get(entry_id) or self.doses.get(entry_id)

    def put(self, entry: Journey | Scan | Dose) -> Journey | Scan | Dose | None:
        """Takes the entry in; gives the one it stands for now."""
        match entry:
            case Scan():
                before: Journey | Scan | Dose | None = self.scans.get(entry.entry_id)
                self.scans[entry.entry_id] = entry
            case Journey():
                before = self.journeys.get(entry.entry_id)
                self.journeys[entry.entry_id] = entry
            case Dose():
                before = self.doses.get(entry.entry_id)
                self.doses[entry.entry_id] = entry
        return before

    def pop(self, entry_id: str) -> Journey | Scan | Dose | None:
        return self.scans.pop(entry_id, None) or self.journeys.pop(entry_id, None) or self.doses.pop(entry_id, None)

    def revision(self, entry_id: str) -> int | None:
        known = self.entry(entry_id)
        return None if known is None else known.revision

    @property
    def reference_version(self) -> int:
        """Newest reference data that any entry was identified with: a function of the set, so of no order."""
        newest = -1
        for kind in (self.scans, self.journeys, self.doses):
            for entry in kind.values():
                newest = max(newest, entry.reference_version)
        return newest


class Finding(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """What a rule found. `subject`: the entry or document it is about; `causes`: ids of the events, the subject's own first."""

    rule: str
    subject: str
    reasons: tuple[str, ...]
    causes: tuple[str, ...]
    occurred_at: datetime


@dataclass(frozen=True, slots=True)
class Rule:
    """Pure: the same history and reference data give the same findings. Its functions raise nothing."""

    name: str
    touched: Callable[[Journey | Scan | Dose, History], Iterable[str]]
    """Subjects that may be judged otherwise when this entry comes, changes or goes; all entries together touch every subject."""
    judge: Callable[[str, History, ReferenceAsOf], Finding | None]
    """What is found about one subject; None where there is nothing to say, or no such subject."""
    reasons: tuple[str, ...]
    """Every code of `REASONS` that it may give."""
    example: str
    """One case in a sentence, for the page of rules."""


def entry_of(event: JudgedEntry) -> Journey | Scan | Dose:
    match event:
        case JourneyIdentified():
            return _journey(event)
        case ScanIdentified():
            return _scan(event)
        case DoseIdentified():
            return _dose(event)


def _journey(event: JourneyIdentified) -> Journey:
    return Journey(
        **_head(event),
        declaration_id=event.declaration_id,
        origin_code=event.origin_code,
        destination_code=event.destination_code,
        departure_at=event.departure_at,
        arrival_at=event.arrival_at,
        transport_mode=event.transport_mode,
        symptoms=bool(event.symptoms),
        exposed=bool(event.exposed),
        contradictions=tuple(event.number_contradicts),
        name_key=event.name_key or "",
        match_permanent=event.match_permanent,
        match_lodging=event.match_lodging,
    )


def _scan(event: ScanIdentified) -> Scan:
    return Scan(
        **_head(event),
        checkpoint_id=event.checkpoint_id,
        direction=event.direction,
        declaration_id=event.declaration_id,
        contradictions=tuple(event.number_contradicts),
        name_key=event.name_key or "",
    )


def _dose(event: DoseIdentified) -> Dose:
    return Dose(
        **_head(event),
        dose_number=event.dose_number,
        administered_on=event.administered_on,
        contradictions=tuple(event.number_contradicts),
        name_key=event.name_key or "",
    )


def _head(event: JudgedEntry) -> dict[str, Any]:
    return {
        "entry_id": event.entry_id,
        "document_key": event.document_key,
        "revision": event.revision,
        "reference_version": event.reference_version,
        "match": Match(event.known, event.match_name, event.match_birth_date, event.match_sex),
        "occurred_at": event.occurred_at,
    }
