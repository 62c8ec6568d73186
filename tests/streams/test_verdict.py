"""What a verdict says of itself: until when it holds, and the state of the sources at the scan."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from schemas.contract.events import SourceRefreshed, VerdictReached
from schemas.contract.terms import SourceName
from tests.streams.memory_path import MemoryPath
from tests.streams.people import NOON, cancellation, declaration, event_id, policy, scan

HOUR = timedelta(hours=1)


def refreshed(source: SourceName, at: datetime, hours: int) -> SourceRefreshed:
    return SourceRefreshed(
        event_id=event_id(f"{source} {at}"),
        source=source,
        valid_from=at,
        valid_to=at + hours * HOUR,
        received_at=at,
        submitted_by="register",
    )


def verdict_on(path: MemoryPath, scanned: Any) -> VerdictReached:
    path.feed([scanned])
    return path.verdicts()[scanned.event_id]


@pytest.mark.parametrize(
    ("declared", "more", "hours"),
    [
        ([], {}, 24),
        ([declaration("a", at=NOON - 60 * HOUR)], {}, 12),
        ([declaration("a", at=NOON - 60 * HOUR), declaration("b", at=NOON - HOUR)], {}, 24),
        ([declaration("a", at=NOON - 60 * HOUR), cancellation("a", at=NOON - HOUR)], {}, 24),
        ([], {"verdict_valid_hours": 3}, 3),
        ([], {"valid_to": NOON + 2 * HOUR}, 2),
    ],
)
def test_a_verdict_ends_with_its_hours_its_policy_or_its_declaration(
    declared: list[Any], more: dict[str, Any], hours: int
) -> None:
    path = MemoryPath()
    path.decide(policy({}, **more))
    path.feed(declared)
    assert verdict_on(path, scan("s")).valid_until == NOON + hours * HOUR


def test_a_verdict_tells_the_state_of_each_source_that_was_fresh_at_the_scan() -> None:
    path = MemoryPath()
    path.decide(
        refreshed("register", NOON - 30 * HOUR, 48),
        refreshed("register", NOON - HOUR, 48),
        refreshed("zones", NOON - 5 * HOUR, 5),
    )
    before = verdict_on(path, scan("before", at=NOON - 2 * HOUR))
    after = verdict_on(path, scan("after"))
    assert (before.register_as_of, before.zones_as_of, before.orders_as_of) == (
        NOON - 30 * HOUR,
        NOON - 5 * HOUR,
        None,
    )
    assert (after.register_as_of, after.zones_as_of) == (NOON - HOUR, None)


def test_a_word_that_is_known_later_changes_no_verdict_and_holds_for_the_next() -> None:
    path = MemoryPath()
    assert verdict_on(path, scan("early")).register_as_of is None
    path.decide(refreshed("register", NOON - HOUR, 48))
    assert verdict_on(path, scan("again")).register_as_of == NOON - HOUR
    assert path.verdicts()[scan("early").event_id].register_as_of is None
