"""Selects the fact that holds at an instant, as known at a version of the reference data."""

from bisect import bisect_right, insort
from collections.abc import Sequence
from datetime import datetime
from operator import itemgetter
from typing import Protocol, TypeVar, overload


class InForce(Protocol):
    """A fact of reference data: it holds from an instant on, and may end."""

    @property
    def valid_from(self) -> datetime: ...

    @property
    def valid_to(self) -> datetime | None: ...


F = TypeVar("F", bound=InForce)
_valid_from = itemgetter(0)
_version = itemgetter(0)
_order = itemgetter(0, 1)


class Facts(Sequence[tuple[int, F]]):
    """Facts of one thing with their versions, in the order in which they became known.

    They are also in order of time: to find the one in force looks at few of them, however many
    there are.
    """

    def __init__(self) -> None:
        self._known: list[tuple[int, F]] = []
        self._by_time: list[tuple[datetime, int, F]] = []

    def append(self, known: tuple[int, F]) -> None:
        """Adds a fact, which became known later than all others, or else takes its place."""
        insort(self._known, known, key=_version)
        version, fact = known
        insort(self._by_time, (fact.valid_from, version, fact), key=_order)

    def in_force(self, at: datetime, version: int) -> F | None:
        """Returns, of the facts known at `version` that hold at `at`, the last to take effect.

        Of several that took effect together it is the one known last. None says that none holds.
        """
        for index in range(bisect_right(self._by_time, at, key=_valid_from) - 1, -1, -1):
            _, known, fact = self._by_time[index]
            if known <= version and (fact.valid_to is None or at < fact.valid_to):
                return fact
        return None

    def __len__(self) -> int:
        return len(self._known)

    @overload
    def __getitem__(self, index: int) -> tuple[int, F]: ...

    @overload
    def __getitem__(self, index: slice) -> list[tuple[int, F]]: ...

    def __getitem__(self, index: int | slice) -> tuple[int, F] | list[tuple[int, F]]:
        return self._known[index]


def in_force(facts: Sequence[tuple[int, F]], at: datetime, version: int) -> F | None:
    """Returns what `Facts.in_force` does, of a few facts in any order."""
    best: tuple[datetime, int, F] | None = None
    for known, fact in facts:
        if known > version or fact.valid_from > at:
            continue
        if fact.valid_to is not None and fact.valid_to <= at:
            continue
        if best is None or (fact.valid_from, known) >= best[:2]:
            best = (fact.valid_from, known, fact)
    return None if best is None else best[2]
