"""People under an order, and cases, met at posts: at the edges of their periods, and when what is said of them changes."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from schemas.contract.events import DoorEvent
from tests.streams.memory_path import MemoryPath
from tests.streams.people import NOON, case, order, policy, scan

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
ORDER: dict[str, Any] = {"begins_at": NOON, "ends_at": NOON + DAY}


def met(rule: str, at: datetime, *facts: DoorEvent) -> bool:
    path = MemoryPath()
    path.feed([scan("s", at=at), *facts])
    return bool(path.reasons(rule))


@pytest.mark.parametrize(
    ("at", "found"),
    [
        (NOON - MINUTE, False),
        (NOON, True),
        (NOON + DAY - MINUTE, True),
        (NOON + DAY, False),
        (NOON + 9 * DAY, False),
    ],
)
def test_an_order_holds_from_its_first_minute_to_its_last(at: datetime, found: bool) -> None:
    assert met("under_order", at, order("a", **ORDER)) is found


@pytest.mark.parametrize(
    ("kind", "reason"),
    [("quarantine", "under_quarantine"), ("home_isolation", "under_home_isolation")],
)
def test_the_kind_of_order_is_told(kind: str, reason: str) -> None:
    path = MemoryPath()
    path.feed([order("a", kind=kind), scan("s", at=NOON + MINUTE)])
    assert path.reasons("under_order") == [(reason,)]


@pytest.mark.parametrize(
    ("later", "at", "found"),
    [
        ({"ends_at": NOON + 2 * DAY}, NOON + DAY + MINUTE, True),
        ({"ends_at": NOON + DAY / 2}, NOON + DAY - MINUTE, False),
        ({"status": "lifted", "ends_at": NOON + DAY / 2}, NOON + DAY / 4, True),
        ({"status": "lifted", "ends_at": NOON + DAY / 2}, NOON + DAY - MINUTE, False),
        ({"status": "lifted", "ends_at": None}, NOON + MINUTE, False),
        ({"ends_at": None}, NOON + 99 * DAY, True),
    ],
)
def test_the_latest_word_on_an_order_holds_whichever_comes_first(
    later: dict[str, Any], at: datetime, found: bool
) -> None:
    said = [order("a", **ORDER), order("a again", at=NOON + MINUTE, **(ORDER | later))]
    assert met("under_order", at, *said) is met("under_order", at, *said[::-1]) is found


@pytest.mark.parametrize(
    ("at", "found"),
    [
        (NOON - MINUTE, False),
        (NOON, True),
        (NOON + 28 * DAY, True),
        (NOON + 28 * DAY + MINUTE, False),
    ],
)
def test_a_case_is_told_from_its_sample_on_for_the_days_of_the_policy(
    at: datetime, found: bool
) -> None:
    assert met("case_at_post", at, case("a", reported_at=NOON + 2 * DAY)) is found


def test_the_policy_says_for_how_many_days() -> None:
    path = MemoryPath()
    path.decide(policy({}, case_days=1))
    path.feed([case("a"), scan("s", at=NOON + DAY), scan("t", at=NOON + DAY + MINUTE)])
    assert len(path.reasons("case_at_post")) == 1


@pytest.mark.parametrize(
    ("later", "found"),
    [
        ({"onset_at": NOON - 2 * DAY}, True),
        ({"status": "retracted", "sampled_at": None}, False),
        ({"sampled_at": NOON + DAY}, False),
    ],
)
def test_the_latest_report_on_a_case_holds(later: dict[str, Any], found: bool) -> None:
    said = [case("a"), case("a again", at=NOON + DAY, **({"sampled_at": NOON} | later))]
    assert (
        met("case_at_post", NOON + MINUTE, *said)
        is met("case_at_post", NOON + MINUTE, *said[::-1])
        is found
    )
    assert met("case_at_post", NOON - DAY, *said) is ("onset_at" in later)
