"""The work of screening grows with what changes, not with a person's history.

Calls of functions are counted, not time: the counts are the same on every machine.
"""

import sys
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from types import FrameType
from typing import Any

import pytest
from msgspec.structs import replace

from schemas.contract.events import DoorEvent, JournalEntry, SourceRefreshed
from schemas.contract.topics import JOURNAL
from schemas.domain.reference import Reference
from streams.screen import Screen
from streams.stage import Received
from tests.streams.fakes import MemoryStore
from tests.streams.memory_path import KnownReference, MemoryPath
from tests.streams.people import (
    CITY,
    COAST,
    NOON,
    NORTH,
    SOUTH,
    cancellation,
    checkpoint,
    citizen,
    declaration,
    dose,
    event_id,
    scan,
    zone,
)

SIZE = 800
MAX_GROWTH = 2.2
POSTS = ("binh-de", NORTH.checkpoint_id, SOUTH.checkpoint_id)


class UnscreenedPath(MemoryPath):
    """A path that ends at the journal."""

    def _screen_all(self) -> None:
        pass


def at(number: int) -> datetime:
    return NOON + timedelta(minutes=20 * number)


def scans(count: int) -> list[DoorEvent]:
    return [scan(f"{number}", at=at(number)) for number in range(count)]


def scans_backwards(count: int) -> list[DoorEvent]:
    return scans(count)[::-1]


def declarations_between_scans(count: int) -> list[DoorEvent]:
    events: list[DoorEvent] = []
    for number in range(count // 2):
        events += [
            declaration(f"{number}", at=at(2 * number)),
            scan(f"{number}", at=at(2 * number + 1), checkpoint_id=POSTS[number % 3]),
        ]
    return events


def declarations_at_once(count: int) -> list[DoorEvent]:
    """A few scans, and declarations of one document in one hour: an attack, or a typed number."""
    begun = NOON + timedelta(hours=1)
    made = [
        declaration(f"{number}", at=begun + timedelta(milliseconds=number))
        for number in range(count)
    ]
    return [
        *scans(10),
        *made,
        *(scan(f"after {number}", at=at(6 + number)) for number in range(10)),
    ]


def declarations_backwards(count: int) -> list[DoorEvent]:
    made: list[DoorEvent] = [declaration(f"{number}", at=at(number)) for number in range(count)]
    return made[::-1]


def amendments(count: int) -> list[DoorEvent]:
    return [
        declaration(
            f"{number}", at=at(number), replaces=declaration(f"{number - 1}").declaration_id
        )
        for number in range(count)
    ]


def cancellations(count: int) -> list[DoorEvent]:
    events: list[DoorEvent] = []
    for number in range(count // 3):
        events += [
            declaration(f"{number}", at=at(3 * number)),
            cancellation(f"{number}", at=at(3 * number + 1)),
            scan(f"{number}", at=at(3 * number + 2)),
        ]
    return events


def doses(count: int) -> list[DoorEvent]:
    return [
        dose(f"{number}", 1 + number % 3, (NOON - timedelta(days=number)).date())
        for number in range(count)
    ]


def names(count: int) -> list[DoorEvent]:
    return [
        declaration(f"{number}", at=at(number), full_name=f"Trần Thị {number}")
        for number in range(count)
    ]


SHAPES = (
    scans,
    declarations_between_scans,
    *(
        pytest.param(shape, marks=pytest.mark.long)
        for shape in (
            scans_backwards,
            declarations_at_once,
            declarations_backwards,
            amendments,
            cancellations,
            doses,
            names,
        )
    ),
)


def still(reference: Reference, number: int) -> None:
    pass


def refreshed(reference: Reference, number: int) -> None:
    """Adds what the system knows to be up to date, which no rule looks at."""
    reference.add(
        reference.version + 1,
        SourceRefreshed(
            event_id=event_id(f"refresh {number}"),
            source="zones",
            valid_from=NOON,
            received_at=NOON,
            submitted_by="test",
        ),
    )


def decided_from_now_on(reference: Reference, number: int) -> None:
    reference.add(reference.version + 1, zone(COAST, "red", at(number), at(number + 1)))


def decided_elsewhere(reference: Reference, number: int) -> None:
    reference.add(reference.version + 1, zone("21172", "red", NOON - timedelta(days=9)))


MOVES = (
    refreshed,
    pytest.param(decided_from_now_on, marks=pytest.mark.long),
    pytest.param(decided_elsewhere, marks=pytest.mark.long),
)
Shape = Callable[[int], list[DoorEvent]]
Move = Callable[[Reference, int], None]


def calls_of(events: Sequence[DoorEvent], move: Move) -> int:
    """Returns how often functions are called to screen the events one by one."""
    reference = KnownReference()
    facts: list[Any] = [checkpoint(), NORTH, SOUTH, zone(CITY, "green", NOON)]
    for version, fact in enumerate(facts):
        reference.current.add(version, fact)
    stage, store, calls = Screen(reference), MemoryStore(), 0

    def count(frame: FrameType, kind: str, _: Any) -> None:
        nonlocal calls
        calls += kind in ("call", "c_call")

    for offset, entry in enumerate(journal_of(events)):
        move(reference.current, offset)
        newest = replace(entry, reference_version=reference.current.version)
        work = store.begin()
        sys.setprofile(count)
        try:
            stage.fold([Received(newest, 0, offset)], work)
        finally:
            sys.setprofile(None)
        store.take(work)
    return calls


def journal_of(events: Sequence[DoorEvent]) -> list[JournalEntry]:
    path = UnscreenedPath()
    path.record([citizen()])
    path.feed_links()
    path.feed(events)
    return path.topics[JOURNAL.name]  # type: ignore[return-value] # entries only


def growth_of(shape: Shape, move: Move) -> float:
    """Returns how much more is called for twice as many events, once the caches are filled."""
    calls_of(shape(20), move)
    return calls_of(shape(2 * SIZE), move) / calls_of(shape(SIZE), move)


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.__name__)
def test_twice_the_history_is_twice_the_work(shape: Shape) -> None:
    assert growth_of(shape, still) < MAX_GROWTH


@pytest.mark.parametrize("move", MOVES, ids=lambda move: move.__name__)
def test_reference_data_that_moves_at_each_scan_is_no_more_than_that(move: Move) -> None:
    assert growth_of(declarations_between_scans, move) < MAX_GROWTH
