"""Which lines of a public notice may stand beside each other: everybody who was at all of some must be one of many. Pure.

The rule is k^m-anonymity (Terrovitis, Mamoulis, Kalnis: Privacy-preserving anonymization of set-valued data, 2008): somebody who knows of a
person that they were at up to m of the places still finds at least k others of whom that is as true. The case was at all of the places,
so every m of them must have k others in common; and then so has whatever fewer of them anybody else was at, for whoever was at more
was at fewer, too. Without an m it holds for all of the lines together: one look at those who were at every place is enough.
"""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from functools import reduce
from itertools import combinations
from operator import and_
from typing import TypeVar

P = TypeVar("P", bound=Hashable)
Crowd = int
"""People as bits."""


def crowds_of(visits: Iterable[Iterable[P]]) -> Mapping[P, Crowd]:
    """Who touched each period, from the periods that each person touched."""
    crowds: dict[P, Crowd] = {}
    for number, periods in enumerate(visits):
        for period in periods:
            crowds[period] = crowds.get(period, 0) | 1 << number
    return crowds


def anonymous(
    candidates: Sequence[Sequence[P]], crowds: Mapping[P, Crowd], k: int, together: int | None
) -> list[P | None]:
    """Of each stay the way to tell it, or None where it cannot be told beside the others. `candidates`: the ways to tell each stay, the
    finest first; `together`: how many lines somebody may know of a person, all where it is None.

    To find the most lines of all would take too long. Lines are taken greedily, the most crowded first, each as fine as it can be; that is
    tried as fine as stays are known and coarser, and what leaves most lines is taken."""
    tries = max((len(ways) for ways in candidates), default=0)
    found = [
        _greedily([ways[least:] or ways[-1:] for ways in candidates], crowds, k, together)
        for least in range(tries)
    ]
    return max(found, key=lambda chosen: sum(one is not None for one in chosen), default=[])


def _greedily(
    candidates: Sequence[Sequence[P]], crowds: Mapping[P, Crowd], k: int, together: int | None
) -> list[P | None]:
    chosen: dict[int, P] = {}
    order = sorted(
        range(len(candidates)),
        key=lambda stay: (-max(_many(crowds.get(way, 0)) for way in candidates[stay]), stay),
    )
    for stay in order:
        beside = [crowds[way] for way in set(chosen.values())]
        fitting = (
            way
            for way in candidates[stay]
            if way in chosen.values() or _fits(crowds.get(way, 0), beside, k, together)
        )
        if (way := next(fitting, None)) is not None:
            chosen[stay] = way
    return [chosen.get(stay) for stay in range(len(candidates))]


def _fits(crowd: Crowd, beside: Sequence[Crowd], k: int, together: int | None) -> bool:
    """Whether the line and every so many others, or as many as there are, have enough people in common."""
    others = len(beside) if together is None else min(together - 1, len(beside))
    return all(_many(reduce(and_, some, crowd)) >= k for some in combinations(beside, others))


def _many(crowd: Crowd) -> int:
    return crowd.bit_count()
