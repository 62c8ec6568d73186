"""The differences between the people of an earlier answer and those of today's. Pure."""

from collections.abc import Collection, Iterable, Mapping
from typing import NamedTuple


class Changes(NamedTuple):
    learnt: list[str]
    """People of today's answer whom nobody of the earlier answer is."""
    withdrawn: list[str]
    """People of the earlier answer who are nobody of today's.

    Nothing leads to them any more, or they turned out to be the case.
    """


def changes_between(
    then: Collection[str], now: Collection[str], current_identity: Mapping[str, str]
) -> Changes:
    """Compares the people whom the case led to then with those it leads to now.

    `current_identity` says who of them is known to be somebody else today.
    """

    def today(people: Iterable[str]) -> set[str]:
        return {current_identity.get(person, person) for person in people}

    return Changes(
        learnt=sorted(set(now) - today(then)),
        withdrawn=sorted(person for person in then if today([person]).isdisjoint(now)),
    )
