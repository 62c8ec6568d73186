"""Which of several facts about one thing holds at an instant, as known at a version of the reference data."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol, TypeVar


class InForce(Protocol):
    """What every reference event says about time."""

    @property
    def valid_from(self) -> datetime: ...

    @property
    def valid_to(self) -> datetime | None: ...


F = TypeVar("F", bound=InForce)


def in_force(facts: Sequence[tuple[int, F]], at: datetime, version: int) -> F | None:
    """Of the facts known at `version` that hold at `at`, the one that took effect last; of equals, the one known last."""
    best: tuple[datetime, int, F] | None = None
    for known, fact in facts:
        if (
            known > version
            or fact.valid_from > at
            or (fact.valid_to is not None and fact.valid_to <= at)
        ):
            continue
        if best is None or (fact.valid_from, known) >= best[:2]:
            best = (fact.valid_from, known, fact)
    return None if best is None else best[2]
