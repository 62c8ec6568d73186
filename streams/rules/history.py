"""What rules judge: one person's history, and the findings they make of it. A history is a set: whatever the order of arrival, equal
entries give an equal history."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, TypeVar

import msgspec

from schemas.reference import ReferenceAsOf
from streams.rules.entries import Cancellation, Case, Claim, Dose, HealthTest, Journey, Judged, Order, Scan

Ended = Literal["cancelled", "superseded"]


class History(msgspec.Struct, array_like=True, kw_only=True):
    """The live entries of one person, by id."""

    journeys: dict[str, Journey] = {}
    scans: dict[str, Scan] = {}
    doses: dict[str, Dose] = {}
    cancellations: dict[str, Cancellation] = {}
    cases: dict[str, Case] = {}
    orders: dict[str, Order] = {}
    tests: dict[str, HealthTest] = {}

    def entries(self) -> list[Judged]:
        return [entry for kind in self._kinds for entry in kind.values()]

    def claims(self) -> list[Claim]:
        return [*self.journeys.values(), *self.scans.values(), *self.doses.values(), *self.tests.values()]

    def claim(self, entry_id: str) -> Claim | None:
        return self.scans.get(entry_id) or self.journeys.get(entry_id) or self.doses.get(entry_id) or self.tests.get(entry_id)

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
        counting = [one for one in self.journeys.values() if one.valid_at(at, hours) and self.ended(one.declaration_id, at) is None]
        if len(counting) > 1:
            counting.sort(key=lambda one: (one.occurred_at, one.entry_id))
        return counting

    def ended(self, declaration_id: str, at: datetime) -> Ended | None:
        """Whether a declaration was taken back, or replaced by another, before or at an instant; what came first holds."""
        ends: list[tuple[datetime, Ended]] = [
            (one.occurred_at, "superseded") for one in self.journeys.values() if one.replaces == declaration_id and one.occurred_at <= at
        ]
        ends += [
            (one.occurred_at, "cancelled")
            for one in self.cancellations.values()
            if one.declaration_id == declaration_id and one.occurred_at <= at
        ]
        return min(ends)[1] if ends else None

    @property
    def _kinds(self) -> tuple[dict[str, Any], ...]:
        return self.scans, self.journeys, self.doses, self.cancellations, self.cases, self.orders, self.tests

    def _kind_of(self, entry: Judged) -> dict[str, Any]:  # noqa: PLR0911 -- one for each kind of entry
        match entry:
            case Scan():
                return self.scans
            case Journey():
                return self.journeys
            case Dose():
                return self.doses
            case Cancellation():
                return self.cancellations
            case Case():
                return self.cases
            case Order():
                return self.orders
            case HealthTest():
                return self.tests

    @property
    def reference_version(self) -> int:
        """Newest reference data that any entry was identified with: a function of the set, so of no order."""
        newest = -1
        for kind in self._kinds:
            for entry in kind.values():
                if entry.reference_version > newest:  # noqa: PLR1730 -- asked of every entry at every entry: a call would be most of it
                    newest = entry.reference_version
        return newest


class Finding(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """What a rule found. `subject`: the entry or document it is about; `causes`: ids of the events, the subject's own first."""

    rule: str
    subject: str
    reasons: tuple[str, ...]
    causes: tuple[str, ...]
    occurred_at: datetime


W = TypeVar("W", Case, Order)


def standing(words: Iterable[W], subject_of: Callable[[W], str]) -> list[W]:
    """Of everything said of one case or order the latest word, by when it was said."""
    latest = {subject_of(word): word for word in sorted(words, key=lambda word: (word.occurred_at, word.entry_id))}
    return list(latest.values())


@dataclass(frozen=True, slots=True)
class Rule:
    """Pure: the same history and reference data give the same findings. Its functions raise nothing."""

    name: str
    touched: Callable[[Judged, History], Iterable[str]]
    """Subjects that may be judged otherwise when this entry comes, changes or goes; all entries together touch every subject about which
    there is anything to find."""
    judge: Callable[[str, History, ReferenceAsOf], Finding | None]
    """What is found about one subject; None where there is nothing to say, or no such subject."""
    reasons: tuple[str, ...]
    """Every code of `REASONS` that it may give."""
    example: str
    """One case in a sentence, for the page of rules."""
