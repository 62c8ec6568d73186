"""Which lines of a public notice may stand beside each other. Pure.

The rule is k^m-anonymity (Terrovitis, Mamoulis, Kalnis: Privacy-preserving anonymization of
set-valued data, 2008). An attacker who knows up to m of a person's places must find at least k
other people who match. The case was at every place, so every m published lines need k people in
common; fewer lines then have them too. Without an m the rule holds for all lines together: it is
enough to count the people who were at every place.
"""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from functools import reduce
from itertools import combinations
from operator import and_
from typing import TypeVar

P = TypeVar("P", bound=Hashable)
People = int
"""A set of people: one bit stands for one person."""


def people_by_period(visits: Iterable[Iterable[P]]) -> Mapping[P, People]:
    """Returns who touched each period; `visits` has the periods that each person touched."""
    people: dict[P, People] = {}
    for number, periods in enumerate(visits):
        for period in periods:
            people[period] = people.get(period, 0) | 1 << number
    return people


def publishable(
    candidates: Sequence[Sequence[P]],
    people: Mapping[P, People],
    k: int,
    max_known: int | None,
) -> list[P | None]:
    """Returns the period to publish for each stay, or None where it must be withheld.

    `candidates` are the periods by which each stay can be published, the finest first. `max_known`
    is the number of lines that an attacker may know of a person; None means all.

    To find the most lines of all would take too long. Lines are selected greedily, the most crowded
    first, each as fine as it can be. That is tried as fine as stays are known and coarser, and the
    try that leaves most lines holds.
    """
    tries = max((len(periods) for periods in candidates), default=0)
    selections = [
        _select(_no_finer_than(candidates, finest), people, k, max_known) for finest in range(tries)
    ]
    return max(selections, key=_lines, default=[])


def _no_finer_than(candidates: Sequence[Sequence[P]], finest: int) -> list[Sequence[P]]:
    """Leaves out the finest periods of each stay, but for its coarsest."""
    return [periods[finest:] or periods[-1:] for periods in candidates]


def _lines(selection: Sequence[P | None]) -> int:
    return sum(period is not None for period in selection)


def _select(
    candidates: Sequence[Sequence[P]],
    people: Mapping[P, People],
    k: int,
    max_known: int | None,
) -> list[P | None]:
    def most_crowded_first(stay: int) -> tuple[int, int]:
        crowd = max(_count(people.get(period, 0)) for period in candidates[stay])
        return -crowd, stay

    selected: dict[int, P] = {}
    for stay in sorted(range(len(candidates)), key=most_crowded_first):
        others = [people[period] for period in set(selected.values())]
        for period in candidates[stay]:
            is_selected = period in selected.values()
            if is_selected or _fits(people.get(period, 0), others, k, max_known):
                selected[stay] = period
                break
    return [selected.get(stay) for stay in range(len(candidates))]


def _fits(line: People, others: Sequence[People], k: int, max_known: int | None) -> bool:
    """Says whether the line has enough people in common with the others.

    True if every `size` of the other lines have `k` people in common with it.
    """
    size = len(others) if max_known is None else min(max_known - 1, len(others))
    return all(_count(reduce(and_, some, line)) >= k for some in combinations(others, size))


def _count(people: People) -> int:
    return people.bit_count()
