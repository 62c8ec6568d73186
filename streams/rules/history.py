"""What rules judge: one person's history, as small values, and the findings they make of it. A history is a set: whatever the order of
arrival, equal entries give an equal history."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Literal

import msgspec

from schemas.events import DoseIdentified, JourneyCancelled, JourneyIdentified, JudgedEntry, ScanIdentified
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
    vehicle_key: str = ""
    replaces: str = ""

    def valid_at(self, at: datetime, hours: int) -> bool:
        """A declaration counts from when it was made, for the hours of the policy; `History.in_force` knows of an earlier end."""
        return self.occurred_at <= at <= self.occurred_at + timedelta(hours=hours)


class Scan(Entry, frozen=True, array_like=True, gc=False, kw_only=True, tag="s"):
    checkpoint_id: str
    direction: Direction
    declaration_id: str | None
    contradictions: tuple[str, ...] = ()
    name_key: str = ""
    vehicle_key: str = ""


class Dose(Entry, frozen=True, array_like=True, gc=False, kw_only=True, tag="d"):
    dose_number: int
    administered_on: date
    contradictions: tuple[str, ...] = ()
    name_key: str = ""


class Cancellation(Entry, frozen=True, array_like=True, gc=False, kw_only=True, tag="c"):
    declaration_id: str


Claim = Journey | Scan | Dose
"""With a document, and mostly a name: somebody said who they are."""
Judged = Claim | Cancellation
"""Whatever a history holds."""
Ended = Literal["cancelled", "superseded"]


class History(msgspec.Struct, array_like=True, kw_only=True):
    """The live entries of one person, by id."""

    journeys: dict[str, Journey] = {}
    scans: dict[str, Scan] = {}
    doses: dict[str, Dose] = {}
    cancellations: dict[str, Cancellation] = {}

    def entries(self) -> list[Judged]:
        return [entry for kind in self._kinds for entry in kind.values()]

    def claims(self) -> list[Claim]:
        return [*self.journeys.values(), *self.scans.values(), *self.doses.values()]

    def claim(self, entry_id: str) -> Claim | None:
        return self.scans.get(entry_id) or self.journeys.get(entry_id) or self.doses.get(entry_id)

    def entry(self, entry_id: str) -> Judged | None:
        return next((kind[entry_id] for kind in self._kinds if entry_id in kind), None)

    def put(self, entry: Judged) -> Judged | None:
        """Takes the entry in; gives the one it stands for now."""
        kind = self._kind_of(entry)
        before = kind.get(entry.entry_id)
        kind[entry.entry_id] = entry
        return before

    def pop(self, entry_id: str) -> Judged | None:
        return next((kind.pop(entry_id) for kind in self._kinds if entry_id in kind), None)

    def revision(self, entry_id: str) -> int | None:
        known = self.entry(entry_id)
        return None if known is None else known.revision

    def in_force(self, at: datetime, hours: int) -> list[Journey]:
        """Journeys whose declarations count at an instant, the newest last."""
        counting = (one for one in self.journeys.values() if one.valid_at(at, hours) and self.ended(one.declaration_id, at) is None)
        return sorted(counting, key=lambda one: (one.occurred_at, one.entry_id))

    def ended(self, declaration_id: str, at: datetime) -> Ended | None:
        """Whether a declaration was taken back, or replaced by another, before or at an instant; what came first holds."""
        ends: list[tuple[datetime, Ended]] = [
            (one.occurred_at, "cancelled") for one in self.cancellations.values() if one.declaration_id == declaration_id
        ]
        ends += [(one.occurred_at, "superseded") for one in self.journeys.values() if one.replaces == declaration_id]
        first = min((end for end in ends if end[0] <= at), default=None)
        return first and first[1]

    @property
    def _kinds(self) -> tuple[dict[str, Any], ...]:
        return self.scans, self.journeys, self.doses, self.cancellations

    def _kind_of(self, entry: Judged) -> dict[str, Any]:
        match entry:
            case Scan():
                return self.scans
            case Journey():
                return self.journeys
            case Dose():
                return self.doses
            case Cancellation():
                return self.cancellations

    @property
    def reference_version(self) -> int:
        """Newest reference data that any entry was identified with: a function of the set, so of no order."""
        newest = -1
        for kind in self._kinds:
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
    touched: Callable[[Judged, History], Iterable[str]]
    """Subjects that may be judged otherwise when this entry comes, changes or goes; all entries together touch every subject."""
    judge: Callable[[str, History, ReferenceAsOf], Finding | None]
    """What is found about one subject; None where there is nothing to say, or no such subject."""
    reasons: tuple[str, ...]
    """Every code of `REASONS` that it may give."""
    example: str
    """One case in a sentence, for the page of rules."""


def entry_of(event: JudgedEntry) -> Judged:
    match event:
        case JourneyIdentified():
            return _journey(event)
        case ScanIdentified():
            return _scan(event)
        case DoseIdentified():
            return _dose(event)
        case JourneyCancelled():
            return Cancellation(**_head(event), declaration_id=event.declaration_id)


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
        vehicle_key=event.vehicle_key or "",
        replaces=event.replaces or "",
    )


def _scan(event: ScanIdentified) -> Scan:
    return Scan(
        **_head(event),
        checkpoint_id=event.checkpoint_id,
        direction=event.direction,
        declaration_id=event.declaration_id,
        contradictions=tuple(event.number_contradicts),
        name_key=event.name_key or "",
        vehicle_key=event.vehicle_key or "",
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
