"""Selects the fact that holds at an instant, as known at a version of the reference data."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol, TypeVar


class InForce(Protocol):
    """A fact of reference data: it holds from an instant on, and may end."""

    @property
    def valid_from(self) -> datetime: ...

    @property
    def valid_to(self) -> datetime | None: ...


F = TypeVar("F", bound=InForce)


def in_force(facts: Sequence[tuple[int, F]], at: datetime, version: int) -> F | None:
    """Returns, of the facts known at `version` that hold at `at`, the last to take effect.

    Of several that took effect together it is the one known last. None says that none holds.
    """
    best: tuple[datetime, int, F] | None = None
    for known, fact in facts:
        if known > version or fact.valid_from > at:
            continue
        if fact.valid_to is not None and fact.valid_to <= at:
            continue
        if best is None or (fact.valid_from, known) >= best[:2]:
            best = (fact.valid_from, known, fact)
    return None if best is None else best[2]
