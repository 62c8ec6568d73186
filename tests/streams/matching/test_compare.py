"""The three fields together, and sexes."""

import pytest

from schemas.contract.terms import Likeness, Sex
from streams.matching import compare
from streams.matching.registered import Registered
from streams.matching.sexes import compare_sexes

HOA = Registered("Nguyễn Thị Hòa", "1990-02-17", "female", "21025")


@pytest.mark.parametrize(
    ("declared", "registered", "likeness"),
    [
        ("female", "female", "equal"),
        ("male", "female", "different"),
        ("unknown", "female", "unknown"),
        ("male", "unknown", "unknown"),
    ],
)
def test_sexes_differ_only_where_both_are_known(
    declared: Sex, registered: Sex, likeness: Likeness
) -> None:
    assert compare_sexes(declared, registered) == likeness


def test_each_field_is_judged_by_itself() -> None:
    assert compare("NGUYEN THI HOA", "1990", "male", HOA) == ("near", "near", "different")
    assert compare("Nguyễn Thị Hoà", "1990-02-17", "female", HOA) == ("equal", "equal", "equal")


def test_what_either_side_does_not_say_is_unknown() -> None:
    assert compare(None, None, None, HOA) == ("unknown", "unknown", "unknown")
    assert compare("Nguyễn Thị Hòa", "1990-02-17", "female", None) == (
        "unknown",
        "unknown",
        "unknown",
    )
    assert compare(
        "Nguyễn Thị Hòa", "1990-02-17", "female", Registered("", "", "unknown", None)
    ) == ("unknown", "unknown", "unknown")
