"""`under_order` at its edges: the period of an order, and reports that change it."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from schemas.contract.events import DoorEvent
from tests.streams.memory_path import MemoryPath
from tests.streams.people import NOON, order, scan

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
