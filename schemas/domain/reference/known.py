"""What was known at a version, and what became known between two of them."""

from collections.abc import Sequence
from datetime import timedelta
from typing import TypeVar

from schemas.domain.reference.exposure_rules import SHIPPED_VERSION

F = TypeVar("F")


def known_between(facts: Sequence[tuple[int, F]], since: int, version: int) -> list[F]:
    """Returns the facts that became known after one version and up to another, the last first."""
    between: list[F] = []
    for known, fact in reversed(facts):
        if known <= since:
            break
        if known <= version:
            between.append(fact)
    return between


class Longest:
    """The longest span of any policy, as known at each version."""

    def __init__(self, shipped: timedelta) -> None:
        self._known = [(SHIPPED_VERSION, shipped)]

    def add(self, version: int, span: timedelta) -> None:
        if span > self._known[-1][1]:
            self._known.append((version, span))

    def known_at(self, version: int) -> timedelta:
        for known, span in reversed(self._known):
            if known <= version:
                return span
        return self._known[0][1]
