"""`case_at_post` at its edges: the days of the policy, and reports that change the case."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from schemas.contract.events import DoorEvent
from tests.streams.memory_path import MemoryPath
from tests.streams.people import NOON, case, policy, scan

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


def met(rule: str, at: datetime, *facts: DoorEvent) -> bool:
    path = MemoryPath()
    path.feed([scan("s", at=at), *facts])
    return bool(path.reasons(rule))


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
