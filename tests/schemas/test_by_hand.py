"""Manual checks: one for every reason, and in the order of a checkpoint's work."""

from schemas.domain.manual_checks import BY_HAND, CHECK_OF, checks_of
from schemas.domain.reasons import REASONS


def test_every_reason_calls_for_a_check_and_every_check_is_called_for() -> None:
    assert set(CHECK_OF) == set(REASONS)
    assert set(CHECK_OF.values()) == set(BY_HAND)


def test_checks_come_once_and_the_card_first() -> None:
    assert checks_of(["not_declared", "name_different", "sex_different"], code_alone=False) == [
        "compare_card",
        "declare_here",
    ]


def test_a_code_that_nobody_has_held_against_a_card_calls_for_it_even_where_all_may_pass() -> None:
    assert checks_of([], code_alone=True) == ["compare_card"]
    assert checks_of([], code_alone=False) == []
