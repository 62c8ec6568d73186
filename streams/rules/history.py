"""Holds one person's history, which rules judge, and the form of rules and findings.

A history is a set of entries: the order in which they arrive changes nothing.
"""

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
    DocumentUse,
    Dose,
    Entry,
    HealthTest,
    Journey,
    Judged,
    Order,
    Reuse,
    Scan,
)

Ended = Literal["cancelled", "superseded"]

by_time = attrgetter("occurred_at", "entry_id")
"""Orders entries by time, and those of one instant by id, so that there is one order only."""


class History(msgspec.Struct, array_like=True, kw_only=True):
    """The entries of one person, by kind and id.

    The stage `screen` takes an entry out when it is withdrawn, so rules never see one. A withdrawal
    is never fresh: only the owner's entry can be. msgspec copies the empty dicts for each object.
    """

    journeys: dict[str, Journey] = {}
    scans: dict[str, Scan] = {}
    doses: dict[str, Dose] = {}
    cancellations: dict[str, Cancellation] = {}
    cases: dict[str, Case] = {}
    orders: dict[str, Order] = {}
    tests: dict[str, HealthTest] = {}
    reuses: dict[str, Reuse] = {}

    def entries(self) -> list[Judged]:
        entries: list[Judged] = []
        for by_id in self._kinds:
            entries += by_id.values()
        return entries

    def of_kind(self, kind: type[Judged]) -> dict[str, Any]:
        by_id: dict[str, Any] = getattr(self, FIELD_OF_KIND[kind])
        return by_id

    def keep(self, entry: Judged) -> None:
        self.of_kind(type(entry))[entry.entry_id] = entry

    def document_uses(self) -> list[DocumentUse]:
        return [
            *self.journeys.values(),
            *self.scans.values(),
            *self.doses.values(),
            *self.tests.values(),
        ]

    def document_use(self, entry_id: str) -> DocumentUse | None:
        return (
            self.scans.get(entry_id)
            or self.journeys.get(entry_id)
            or self.doses.get(entry_id)
            or self.tests.get(entry_id)
        )

    def in_force(self, at: datetime, hours: int) -> list[Journey]:
        """Returns the journeys whose declarations count at an instant, the newest last.

        A declaration counts for `hours`, unless it was cancelled or superseded before.
        """
        counting = [
            journey
            for journey in self.journeys.values()
            if journey.valid_at(at, hours) and self.ended(journey.declaration_id, at) is None
        ]
        if len(counting) > 1:
            counting.sort(key=by_time)
        return counting

    def ended(self, declaration_id: str, at: datetime) -> Ended | None:
        """Returns how a declaration ended, up to and including an instant; None if it did not.

        Of several ends the first counts.
        """
        superseded = [
            journey.occurred_at
            for journey in self.journeys.values()
            if journey.replaces == declaration_id and journey.occurred_at <= at
        ]
        if not superseded and not self.cancellations:  # nearly always
            return None
        cancelled = [
            cancellation.occurred_at
            for cancellation in self.cancellations.values()
            if cancellation.declaration_id == declaration_id and cancellation.occurred_at <= at
        ]
        if not superseded:
            return "cancelled" if cancelled else None
        if not cancelled:
            return "superseded"
        # A cancellation of the same instant goes before a successor.
        return "cancelled" if min(cancelled) <= min(superseded) else "superseded"

    @property
    def reference_version(self) -> int:
        """Returns the newest reference data that any entry was identified with, -1 without entries.

        The version depends on the set of entries, not on their order.
        """
        newest = -1
        for by_id in self._kinds:
            for entry in by_id.values():
                if entry.reference_version > newest:  # noqa: PLR1730 -- looks at every entry at every entry: a call would be most of it
                    newest = entry.reference_version
        return newest

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
            self.reuses,
        )


FIELD_OF_KIND: Mapping[type[Judged], str] = {
    Scan: "scans",
    Journey: "journeys",
    Dose: "doses",
    Cancellation: "cancellations",
    Case: "cases",
    Order: "orders",
    HealthTest: "tests",
    Reuse: "reuses",
}
"""Each kind of entry with the field of a history that holds it."""


E = TypeVar("E", bound=Entry)
R = TypeVar("R", Case, Order)


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


class Judgement(msgspec.Struct, frozen=True, gc=False):
    """What a rule returns about a subject; the engine adds the rule's name and the subject.

    The causes are ids of events; the subject's own event comes first.
    """

    reasons: tuple[str, ...]
    causes: tuple[str, ...]
    occurred_at: datetime


class Finding(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A judgement with the name of its rule, and the entry or document that it is about."""

    rule: str
    subject: str
    reasons: tuple[str, ...]
    causes: tuple[str, ...]
    occurred_at: datetime


Touch = Callable[[Any, History], Iterable[str]]
"""Returns the subjects to judge again when this entry is added, changed or withdrawn."""
Touched = Mapping[type[Entry], Touch]


@dataclass(frozen=True, slots=True, eq=False)
class Rule:
    """One kind of finding. A rule is pure: the same history and reference data give the same.

    Its functions raise nothing.
    """

    name: str
    touched: Touched
    """For each kind of entry, the subjects to judge when one comes, changes or goes.

    Entries of a kind that is not named touch nothing. All entries of a history together touch every
    subject about which there is anything to find.
    """
    judge: Callable[[str, History, ReferenceAsOf], Judgement | None]
    """Returns the judgement of one subject; None if there is nothing to say, or no such subject."""
    reasons: tuple[str, ...]
    """Every code of `REASONS` that the rule may give."""
    example: str
    """One case in a sentence, for the page of rules."""


def finding_of(rule: Rule, subject: str, judgement: Judgement) -> Finding:
    """Returns a judgement with the rule's name and the subject, which rules do not write."""
    return Finding(rule.name, subject, judgement.reasons, judgement.causes, judgement.occurred_at)
