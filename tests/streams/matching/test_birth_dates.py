"""Birth dates at the precision each side has."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.matching.birth_dates import compare_birth_dates


@pytest.mark.parametrize(
    ("declared", "registered", "likeness"),
    [
        ("1990-02-17", "1990-02-17", "equal"),
        ("1990", "1990", "equal"),
        ("1990", "1990-02-17", "near"),
        ("1990-02", "1990-02-17", "near"),
        ("1990-03-02", "1990-02-03", "near"),
        ("1991", "1990-02-17", "different"),
        ("1990-02-18", "1990-02-17", "different"),
        ("1990-03", "1990-02-17", "different"),
    ],
)
def test_each_precision_is_compared_as_far_as_it_goes(
    declared: str, registered: str, likeness: str
) -> None:
    assert compare_birth_dates(declared, registered) == likeness


DATES = st.dates().flatmap(
    lambda day: st.sampled_from([day.isoformat(), day.isoformat()[:7], day.isoformat()[:4]])
)


@given(DATES, DATES)
def test_comparison_is_the_same_from_both_sides(left: str, right: str) -> None:
    assert compare_birth_dates(left, right) == compare_birth_dates(right, left)
    assert compare_birth_dates(left, left) == "equal"
