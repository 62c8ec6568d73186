"""Measures what one scan more costs for a person of a long history, and as reference data moves.

`Screen` folds entries of the journal over a database of its own, one by one. Processor time counts.
"""

import asyncio
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from msgspec.structs import replace

from infra.settings import Settings
from schemas.contract.events import DoorEvent, JournalEntry, SourceRefreshed
from schemas.contract.topics import JOURNAL
from schemas.domain.documents import Document, DocumentKind
from schemas.domain.reference import Reference
from streams.positions import Position
from streams.screen import Screen
from streams.stage import Received
from streams.state import StateStore
from tests.bench.figures import Figure
from tests.bench.scale import scaled
from tests.streams.memory_path import KnownReference, MemoryPath
from tests.streams.people import (
    CITY,
    COAST,
    NOON,
    checkpoint,
    citizen,
    declaration,
    event_id,
    scan,
    zone,
)

SIZES = tuple(scaled(size) for size in (100, 1_000, 10_000, 50_000))
PROBES = 200
FILL = 500
MAX_RATIO = 3.0
PEOPLE, SCANS_EACH, MOVES_EVERY = scaled(1_000), 30, 50
MAX_MOVING = 1.3
Move = Callable[[Reference, datetime], None]


class UnscreenedPath(MemoryPath):
    """A path that ends at the journal."""

    def _screen_all(self) -> None:
        pass


def busy_person(_settings: Settings) -> list[Figure]:
    figures: list[Figure] = []
    for name, move in MOVES.items():
        costs = {size: _cost_at(size, move) for size in SIZES}
        figures += _figures(name, costs)
    return [*figures, *_many_people()]


def _figures(name: str, costs: Mapping[int, float]) -> Iterator[Figure]:
    for size, cost in costs.items():
        yield Figure(
            f"busy person: a scan at {size:,} entries, {name}",
            cost * 1e3,
            "ms",
            circumstances={"probes": PROBES, "clock": "processor time"},
        )
    ratio = costs[SIZES[-1]] / costs[SIZES[0]]
    yield Figure(
        f"busy person: {SIZES[-1]:,} entries against {SIZES[0]:,}, {name}",
        ratio,
        "×",
        MAX_RATIO,
        False,
    )


def _cost_at(size: int, move: Move) -> float:
    """Returns the processor time of one scan more, in seconds, over a person of so many entries."""
    journal = _journal(_declared_and_scanned(size + PROBES))
    reference = _reference()
    with TemporaryDirectory(prefix="bench") as directory:
        store = StateStore(Path(directory) / "rocksdb")
        stage = Screen(reference)
        for start in range(0, size, FILL):
            _fold(stage, store, journal[start : min(start + FILL, size)], start)
        used = 0.0
        for offset in range(size, size + PROBES):
            entry = journal[offset]
            move(reference.current, entry.occurred_at)
            newest = replace(entry, reference_version=reference.current.version)
            begun = time.process_time()
            _fold(stage, store, [newest], offset)
            used += time.process_time() - begun
        store.close()
    return used / PROBES


def _fold(stage: Screen, store: StateStore, entries: Sequence[JournalEntry], offset: int) -> None:
    work = store.begin()
    stage.fold([Received(entry, 0, offset + place) for place, entry in enumerate(entries)], work)
    position = {(JOURNAL.name, 0): Position(offset + len(entries))}
    asyncio.run(store.commit([work], position))


def _many_people() -> list[Figure]:
    """Compares many people of ordinary histories, the reference data still and moving."""
    costs = {name: _cost_of_many(move) for name, move in MOVES.items()}
    still = costs.pop("reference still")
    figures = [Figure(f"{PEOPLE:,} people, {SCANS_EACH} scans each", still * 1e6, "µs/entry")]
    for name, cost in costs.items():
        circumstances = {"us_per_entry": round(cost * 1e6, 1), "moves_every": MOVES_EVERY}
        title = f"{PEOPLE:,} people, {SCANS_EACH} scans each: {name} against still"
        figures.append(Figure(title, cost / still, "×", MAX_MOVING, False, circumstances))
    return figures


def _cost_of_many(move: Move) -> float:
    documents = [Document(DocumentKind.CCCD, f"051190{number:06d}") for number in range(PEOPLE)]
    scans = [
        scan(f"{turn} {document.number}", document, NOON + timedelta(hours=7 * turn))
        for turn in range(SCANS_EACH)
        for document in documents
    ]
    journal, reference = _journal(scans), _reference()
    with TemporaryDirectory(prefix="bench") as directory:
        store = StateStore(Path(directory) / "rocksdb")
        stage = Screen(reference)
        used = 0.0
        for start in range(0, len(journal), MOVES_EVERY):
            move(reference.current, journal[start].occurred_at)
            version = reference.current.version
            entries = [
                replace(entry, reference_version=version)
                for entry in journal[start : start + MOVES_EVERY]
            ]
            begun = time.process_time()
            _fold(stage, store, entries, start)
            used += time.process_time() - begun
        store.close()
    return used / len(journal)


def _declared_and_scanned(count: int) -> Iterator[DoorEvent]:
    """Yields a driver's declarations and scans in turn, one each twenty minutes."""
    for number in range(count):
        at = NOON + timedelta(minutes=20 * number)
        yield scan(f"{number}", at=at) if number % 2 else _declared(number, at)


def _declared(number: int, at: datetime) -> DoorEvent:
    departure_at, arrival_at = at + timedelta(minutes=10), at + timedelta(hours=3)
    return declaration(f"{number}", at=at, departure_at=departure_at, arrival_at=arrival_at)


def _journal(events: Sequence[DoorEvent] | Iterator[DoorEvent]) -> list[JournalEntry]:
    path = UnscreenedPath()
    path.reference = _reference()
    path.record([citizen()])
    path.feed_links()
    path.feed(events)
    return path.topics[JOURNAL.name]  # type: ignore[return-value] # entries only


def _reference() -> KnownReference:
    reference = KnownReference()
    reference.current.add(0, checkpoint())
    reference.current.add(1, zone(CITY, "green", NOON - timedelta(days=9)))
    return reference


def _stays(reference: Reference, at: datetime) -> None:
    pass


def _is_refreshed(reference: Reference, at: datetime) -> None:
    version = reference.version + 1
    refreshed = SourceRefreshed(
        event_id=event_id(f"refreshed {version}"),
        source="zones",
        valid_from=at,
        received_at=at,
        submitted_by="bench",
    )
    reference.add(version, refreshed)


def _decides_on_the_place(reference: Reference, at: datetime) -> None:
    """Decides the level of the commune of all scans, from now on."""
    reference.add(reference.version + 1, zone(COAST, "yellow", at))


MOVES: Mapping[str, Move] = {
    "reference still": _stays,
    "a source refreshed before each": _is_refreshed,
    "the place's level decided before each": _decides_on_the_place,
}
