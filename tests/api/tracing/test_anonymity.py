"""Lines of a notice that may stand beside each other.

Whatever somebody knows of a person, enough others fit it as well.
"""

from collections.abc import Sequence
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.tracing.anonymity import people_by_period, publishable

STAYS, WAYS = 4, 3
Line = tuple[int, int]
"""A line is a stay, and how coarsely it is published."""
CANDIDATES = [[(stay, way) for way in range(WAYS)] for stay in range(STAYS)]
FINEST = st.none() | st.integers(0, WAYS - 1)
"""The finest way to publish a stay of the case that takes in a person.

They touch every coarser one.
"""
PEOPLE = st.lists(st.lists(FINEST, min_size=STAYS, max_size=STAYS), max_size=24)


def visits_of(people: Sequence[Sequence[int | None]]) -> list[set[Line]]:
    visits = list[set[Line]]()
    for finest_of_person in people:
        touched = set[Line]()
        for stay, finest in enumerate(finest_of_person):
            if finest is not None:
                touched.update((stay, way) for way in range(finest, WAYS))
        visits.append(touched)
    return visits


@given(people=PEOPLE, k=st.integers(1, 6), max_known=st.none() | st.integers(1, 3))
def test_no_combination_of_lines_that_anybody_was_at_is_shared_by_fewer_than_k_others(
    people: list[list[int | None]], k: int, max_known: int | None
) -> None:
    visits = visits_of(people)
    lines = [
        line
        for line in publishable(CANDIDATES, people_by_period(visits), k, max_known)
        if line is not None
    ]
    for size in range(1, 1 + (len(lines) if max_known is None else min(max_known, len(lines)))):
        for known in combinations(lines, size):
            assert sum(set(known) <= visited for visited in visits) >= k


@given(people=PEOPLE, k=st.integers(1, 6), max_known=st.none() | st.integers(1, 3))
def test_whatever_enough_others_share_by_itself_leaves_at_least_one_line(
    people: list[list[int | None]], k: int, max_known: int | None
) -> None:
    crowds = people_by_period(visits_of(people))
    shared = any(crowd.bit_count() >= k for crowd in crowds.values())
    assert any(line is not None for line in publishable(CANDIDATES, crowds, k, max_known)) is shared


@pytest.mark.parametrize(
    ("max_known", "published"),
    [(1, [("a", 0), ("b", 0)]), (2, [("a", 0), None]), (None, [("a", 0), None])],
)
def test_two_crowds_that_have_one_person_in_common_are_not_told_together(
    max_known: int | None, published: list[tuple[str, int] | None]
) -> None:
    a, b = ("a", 0), ("b", 0)
    crowds = people_by_period([{a}, {a}, {a, b}, {b}])
    assert publishable([[a], [b]], crowds, 2, max_known) == published


def test_a_line_is_told_more_coarsely_where_that_brings_it_beside_another() -> None:
    at_market, market_hours, market_day = ("post", 0), ("market", 0), ("market", 1)
    crowds = people_by_period(
        [
            {at_market, market_day},
            {at_market, market_day},
            {market_hours, market_day},
            {market_hours, market_day},
        ]
    )
    assert publishable([[at_market], [market_hours, market_day]], crowds, 2, None) == [
        at_market,
        market_day,
    ]


def test_without_stays_nothing_is_told() -> None:
    assert publishable([], {}, 2, None) == []
