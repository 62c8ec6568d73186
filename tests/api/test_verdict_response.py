"""A verdict's response besides the decision: what to check by eye, and how fresh it is."""

from datetime import UTC, datetime, timedelta

from msgspec.structs import replace

from api.border.verdict_response import VerdictOut, verdict_response
from schemas.contract.events import VerdictReached
from schemas.contract.ids import EventId, PersonId

NOON = datetime(2021, 9, 15, 5, tzinfo=UTC)
FRESH = VerdictReached(
    scan_id=EventId("scan"),
    person_id=PersonId("0" * 32),
    checkpoint_id="binh-de",
    decision="refer",
    reasons=["not_declared"],
    flag_ids=[],
    policy_id="built-in",
    reference_version=0,
    registered=True,
    scanned_at=NOON,
    received_at=NOON,
    decided_at=NOON,
    valid_until=NOON + timedelta(hours=24),
    register_as_of=NOON - timedelta(days=1),
    zones_as_of=NOON,
    orders_as_of=NOON,
)


def codes_not_fresh(verdict: VerdictReached, now: datetime = NOON) -> list[str]:
    return [reason.code for reason in told(verdict, now).as_of.not_fresh]


def told(verdict: VerdictReached, now: datetime = NOON) -> VerdictOut:
    return verdict_response(verdict, now, code_alone=False)


def test_what_is_not_fresh_is_told_by_source() -> None:
    assert codes_not_fresh(FRESH) == []
    assert codes_not_fresh(replace(FRESH, register_as_of=None, orders_as_of=None)) == [
        "register_not_fresh",
        "orders_not_fresh",
    ]


def test_a_verdict_asked_for_after_its_end_says_so() -> None:
    end = NOON + timedelta(hours=24)
    assert (
        codes_not_fresh(FRESH, end - timedelta(milliseconds=1)),
        codes_not_fresh(FRESH, end),
    ) == ([], ["verdict_not_fresh"])


def test_a_verdict_of_an_earlier_version_has_no_end_and_no_states() -> None:
    old = replace(FRESH, valid_until=None, register_as_of=None, zones_as_of=None, orders_as_of=None)
    assert codes_not_fresh(old, NOON + timedelta(days=999)) == [
        "register_not_fresh",
        "zones_not_fresh",
        "orders_not_fresh",
    ]


def test_each_reason_comes_with_what_to_check_in_both_languages() -> None:
    check = told(FRESH).by_hand[0]
    assert (check.code, bool(check.vi), bool(check.en)) == ("declare_here", True, True)
