"""Lines that may stand beside each other: whatever somebody knows of a person, enough others fit it as well."""

from collections.abc import Sequence
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.tracing.anonymity import anonymous, crowds_of

STAYS, WAYS = 4, 3
Line = tuple[int, int]
"""A stay, and how coarsely it is told."""
CANDIDATES = [[(stay, way) for way in range(WAYS)] for stay in range(STAYS)]
FINEST = st.none() | st.integers(0, WAYS - 1)
"""Of a person and a stay of the case: the finest way to tell it that takes in the person; they touch every coarser one."""
PEOPLE = st.lists(st.lists(FINEST, min_size=STAYS, max_size=STAYS), max_size=24)


def visits_of(people: Sequence[Sequence[int | None]]) -> list[set[Line]]:
    return [
        {
            (stay, way)
            for stay, finest in enumerate(one)
            if finest is not None
            for way in range(finest, WAYS)
        }
        for one in people
    ]


@given(people=PEOPLE, k=st.integers(1, 6), together=st.none() | st.integers(1, 3))
def test_no_combination_of_lines_that_anybody_was_at_is_shared_by_fewer_than_k_others(
    people: list[list[int | None]], k: int, together: int | None
) -> None:
    visits = visits_of(people)
    told = [
        line for line in anonymous(CANDIDATES, crowds_of(visits), k, together) if line is not None
    ]
    for size in range(1, 1 + (len(told) if together is None else min(together, len(told)))):
        for known in combinations(told, size):
            assert sum(set(known) <= visited for visited in visits) >= k


@given(people=PEOPLE, k=st.integers(1, 6), together=st.none() | st.integers(1, 3))
def test_whatever_enough_others_share_by_itself_leaves_at_least_one_line(
    people: list[list[int | None]], k: int, together: int | None
) -> None:
    crowds = crowds_of(visits_of(people))
    shared = any(crowd.bit_count() >= k for crowd in crowds.values())
    assert any(line is not None for line in anonymous(CANDIDATES, crowds, k, together)) is shared


@pytest.mark.parametrize(
    ("together", "told"),
    [(1, [("a", 0), ("b", 0)]), (2, [("a", 0), None]), (None, [("a", 0), None])],
)
def test_two_crowds_that_have_one_person_in_common_are_not_told_together(
    together: int | None, told: list[tuple[str, int] | None]
) -> None:
    a, b = ("a", 0), ("b", 0)
    crowds = crowds_of([{a}, {a}, {a, b}, {b}])
    assert anonymous([[a], [b]], crowds, 2, together) == told


def test_a_line_is_told_more_coarsely_where_that_brings_it_beside_another() -> None:
    at_market, market_hours, market_day = ("post", 0), ("market", 0), ("market", 1)
    crowds = crowds_of(
        [
            {at_market, market_day},
            {at_market, market_day},
            {market_hours, market_day},
            {market_hours, market_day},
        ]
    )
    assert anonymous([[at_market], [market_hours, market_day]], crowds, 2, None) == [
        at_market,
        market_day,
    ]


def test_without_stays_nothing_is_told() -> None:
    assert anonymous([], {}, 2, None) == []
