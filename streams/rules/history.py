"""What rules judge: one person's history, and the findings they make of it. A history is a set: whatever the order of arrival, equal
entries give an equal history."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter
from typing import Any, Literal, TypeVar

import msgspec

from schemas.domain.reference import ReferenceAsOf
from streams.rules.entries import (
    Cancellation,
    Case,
    Claim,
    Dose,
    Entry,
    HealthTest,
    Journey,
    Judged,
    Order,
    Scan,
)

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

    def of_kind(self, kind: type[Judged]) -> dict[str, Any]:
        found: dict[str, Any] = getattr(self, KEPT_IN[kind])
        return found

    def keep(self, entry: Judged) -> None:
        self.of_kind(type(entry))[entry.entry_id] = entry

    def claims(self) -> list[Claim]:
        return [
            *self.journeys.values(),
            *self.scans.values(),
            *self.doses.values(),
            *self.tests.values(),
        ]

    def claim(self, entry_id: str) -> Claim | None:
        return (
            self.scans.get(entry_id)
            or self.journeys.get(entry_id)
            or self.doses.get(entry_id)
            or self.tests.get(entry_id)
        )

    def in_force(self, at: datetime, hours: int) -> list[Journey]:
        """Journeys whose declarations count at an instant, the newest last."""
        counting = [
            one
            for one in self.journeys.values()
            if one.valid_at(at, hours) and self.ended(one.declaration_id, at) is None
        ]
        if len(counting) > 1:
            counting.sort(key=lambda one: (one.occurred_at, one.entry_id))
        return counting

    def ended(self, declaration_id: str, at: datetime) -> Ended | None:
        """Whether a declaration was taken back, or replaced by another, before or at an instant; what came first holds."""
        replaced = [
            one.occurred_at
            for one in self.journeys.values()
            if one.replaces == declaration_id and one.occurred_at <= at
        ]
        if not replaced and not self.cancellations:  # nearly always
            return None
        cancelled = [
            one.occurred_at
            for one in self.cancellations.values()
            if one.declaration_id == declaration_id and one.occurred_at <= at
        ]
        ends: list[tuple[datetime, Ended]] = [
            *((end, "superseded") for end in replaced),
            *((end, "cancelled") for end in cancelled),
        ]
        return min(ends)[1] if ends else None

    @property
    def _kinds(self) -> tuple[dict[str, Any], ...]:
        return (
            self.scans,
            self.journeys,
            self.doses,
            self.cancellations,
            self.cases,
            self.orders,
            self.tests,
        )

    @property
    def reference_version(self) -> int:
        """Newest reference data that any entry was identified with: a function of the set, so of no order."""
        newest = -1
        for kind in self._kinds:
            for entry in kind.values():
                if entry.reference_version > newest:  # noqa: PLR1730 -- asked of every entry at every entry: a call would be most of it
                    newest = entry.reference_version
        return newest


KEPT_IN: Mapping[type[Judged], str] = {
    Scan: "scans",
    Journey: "journeys",
    Dose: "doses",
    Cancellation: "cancellations",
    Case: "cases",
    Order: "orders",
    HealthTest: "tests",
}
"""Every kind of entry, and the field of a history that keeps it."""


class Found(msgspec.Struct, frozen=True, gc=False):
    """What a rule found about a subject: reason codes, ids of the causing events and the time.

    The subject's own event comes first among the causes.
    """

    reasons: tuple[str, ...]
    causes: tuple[str, ...]
    occurred_at: datetime


class Finding(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """What was found, with the name of the rule and the entry or document it is about."""

    rule: str
    subject: str
    reasons: tuple[str, ...]
    causes: tuple[str, ...]
    occurred_at: datetime


E = TypeVar("E", bound=Entry)
R = TypeVar("R", Case, Order)

by_time = attrgetter("occurred_at", "entry_id")
"""Orders entries by time, and those of one instant by id, so that there is one order only."""


def newest_until(
    entries: Collection[E], until: datetime, order: Callable[[E], Any] = by_time
) -> E | None:
    """Returns the last of the entries, in this order, that did not occur after an instant."""
    if not entries:  # nearly always
        return None
    earlier = [entry for entry in entries if entry.occurred_at <= until]
    return max(earlier, key=order, default=None)


def latest_reports(reports: Iterable[R], subject_of: Callable[[R], str]) -> list[R]:
    """Returns the latest report on each case or order.

    Reports count from when they were made; of two made at once, the one received last holds.
    """
    in_order = sorted(
        reports, key=lambda report: (report.occurred_at, report.received_at, report.entry_id)
    )
    latest = {subject_of(report): report for report in in_order}
    return list(latest.values())


Touch = Callable[[Any, History], Iterable[str]]
Touched = Mapping[type[Entry], Touch]


@dataclass(frozen=True, slots=True, eq=False)
class Rule:
    """Pure: the same history and reference data give the same findings. Its functions raise nothing."""

    name: str
    touched: Touched
    """By the kind of an entry, the subjects that may be judged otherwise when one comes, changes or goes; none of a kind that is not
    named. All entries together touch every subject about which there is anything to find."""
    judge: Callable[[str, History, ReferenceAsOf], Found | None]
    """What is found about one subject; None where there is nothing to say, or no such subject."""
    reasons: tuple[str, ...]
    """Every code of `REASONS` that it may give."""
    example: str
    """One case in a sentence, for the page of rules."""


def finding_of(rule: Rule, subject: str, found: Found) -> Finding:
    """Returns what a rule found, under the rule's name: rules themselves never write it."""
    return Finding(rule.name, subject, found.reasons, found.causes, found.occurred_at)
