"""How the people of an earlier answer differ from today's. Pure."""

from collections.abc import Collection, Iterable, Mapping
from typing import NamedTuple


class Changed(NamedTuple):
    learnt: list[str]
    """Today's people whom nobody of the earlier answer is."""
    withdrawn: list[str]
    """People of the earlier answer who are nobody of today's: nothing leads to them any more, or they turned out to be the case."""


def changed(then: Collection[str], now: Collection[str], known_as: Mapping[str, str]) -> Changed:
    """Of the people whom the case led to then and leads to now. `known_as`: who of them is known to be somebody else today."""

    def today(people: Iterable[str]) -> set[str]:
        return {known_as.get(one, one) for one in people}

    return Changed(
        learnt=sorted(set(now) - today(then)),
        withdrawn=sorted(one for one in then if today([one]).isdisjoint(now)),
    )
