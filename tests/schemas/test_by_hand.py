"""Manual checks: one for every reason, and in the order of a checkpoint's work."""

from collections.abc import Mapping

from schemas.domain.manual_checks import BY_HAND, CHECK_OF, checks_of
from schemas.domain.reasons import REASONS, Reason, health, identity, journeys
from schemas.domain.texts import Text


def test_every_reason_calls_for_a_check_and_every_check_is_called_for() -> None:
    assert unknown_checks(REASONS, BY_HAND) == []
    assert set(CHECK_OF) == set(REASONS)
    assert set(CHECK_OF.values()) == set(BY_HAND)


def test_a_check_that_does_not_exist_is_caught() -> None:
    reasons = {"too_late": Reason("Muộn.", "Too late.", manual_check="compare_crad")}
    assert unknown_checks(reasons, BY_HAND) == ["too_late calls for compare_crad"]


def test_every_reason_is_written_once() -> None:
    codes = [*identity.REASONS, *journeys.REASONS, *health.REASONS]
    assert sorted(codes) == sorted(REASONS)


def test_checks_come_once_and_the_card_first() -> None:
    assert checks_of(["not_declared", "name_different", "sex_different"], code_alone=False) == [
        "compare_card",
        "declare_here",
    ]


def test_a_code_that_nobody_has_held_against_a_card_calls_for_it_even_where_all_may_pass() -> None:
    assert checks_of([], code_alone=True) == ["compare_card"]
    assert checks_of([], code_alone=False) == []


def unknown_checks(reasons: Mapping[str, Reason], checks: Mapping[str, Text]) -> list[str]:
    """Returns each reason that calls for a check which does not exist."""
    return [
        f"{code} calls for {reason.manual_check}"
        for code, reason in reasons.items()
        if reason.manual_check not in checks
    ]
