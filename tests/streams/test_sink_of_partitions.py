"""The sink writes a batch of all partitions by table, rows first, then all positions in one insert.

Whatever happens to any of its inserts, the tables end with each row once.
"""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from infra.settings import Settings
from schemas.contract.events import Event, FlagRaised, ScanIdentified
from schemas.contract.ids import EventId, FlagId
from schemas.contract.topics import FLAGS, JOURNAL
from streams import runner as runner_module
from streams.dead_letters import DeadLetters
from streams.positions import BEGINNING, Position
from streams.project import COLUMNS, Project
from streams.rows import Rows, token_of
from streams.runner import Runner
from streams.sink import Sink
from tests.streams.fake_clickhouse import FakeClickHouse, ProcessEnded, stand_in
from tests.streams.partitions import CODEC
from tests.streams.stage_bench import Broker, Record

EXAMPLES = Path(__file__).parents[2] / "schemas" / "contract" / "examples"
PLACES = [(JOURNAL.name, 0), (JOURNAL.name, 1), (FLAGS.name, 0), (FLAGS.name, 1)]
LENGTH = 8
CUTS = st.lists(st.dictionaries(st.sampled_from(PLACES), st.integers(1, 4), min_size=1), max_size=8)
FAULTS = st.dictionaries(st.integers(1, 12), st.sampled_from(("refused", "answer lost", "ends")))
Sizes = Mapping[tuple[str, int], int]


def example(topic: str, event_type: type[Any]) -> Any:
    path = EXAMPLES / topic / "1" / f"{event_type.__name__}.ordinary.json"
    return msgspec.json.decode(path.read_bytes(), type=event_type)


SCAN, FLAG = example("journal", ScanIdentified), example("flags", FlagRaised)


def event_at(topic: str, number: int, offset: int) -> Event:
    name = f"{number} {offset:03d}"
    event: Event = (
        replace(SCAN, entry_id=EventId(name))
        if topic == JOURNAL.name
        else replace(FLAG, flag_id=FlagId(name))
    )
    return event


LOG = {
    place: [Record(CODEC.encode(event_at(*place, offset)), offset, *place) for offset in range(99)]
    for place in PLACES
}


class World:
    """A worker of `project` that may end, over logs that all have the same length."""

    def __init__(self, directory: str, clickhouse: FakeClickHouse) -> None:
        self.clickhouse = clickhouse
        self._settings = Settings(sink_pace_s=0.0)
        self._letters = DeadLetters("project", Path(directory), self._settings)
        self.start()

    def start(self) -> None:
        self.sink = Sink(self._settings, Project.name, COLUMNS)
        self._runner: Runner[Rows] = Runner(
            Project(),
            self.sink,
            CODEC,
            Broker(),  # type: ignore[arg-type] # a fake broker
            self._letters,
        )

    def run(self, sizes: Sizes) -> None:
        """Runs a batch with so many of the next records; where the process ends, starts another."""
        batch = []
        for place, size in sizes.items():
            first = self.clickhouse.offsets().get(place, 0)
            if records := LOG[place][first : min(first + size, LENGTH)]:
                batch.append(records)
        if batch:
            try:
                asyncio.run(self._runner.run(batch))
            except ProcessEnded:
                self.start()

    def run_to_the_end(self) -> None:
        while self.clickhouse.offsets() != dict.fromkeys(PLACES, LENGTH):
            self.run(dict.fromkeys(PLACES, LENGTH))


@pytest.fixture(scope="module")
def patched() -> Iterator[pytest.MonkeyPatch]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(runner_module, "FIRST_RETRY_S", 0.0)
        yield patch


@settings(max_examples=150, deadline=None)
@given(cuts=CUTS, faults=FAULTS)
def test_whatever_happens_to_an_insert_each_row_is_there_once_in_the_end(
    patched: pytest.MonkeyPatch, cuts: Sequence[Sizes], faults: Mapping[int, str]
) -> None:
    clickhouse = FakeClickHouse()
    stand_in(patched, clickhouse)
    clickhouse.faults = faults
    with TemporaryDirectory() as directory:
        world = World(directory, clickhouse)
        for sizes in cuts:
            world.run(sizes)
        world.run_to_the_end()
    scans, flags = clickhouse.final("scans", "scan_id"), clickhouse.final("flags", "flag_id")
    assert (len(scans), len(flags)) == (2 * LENGTH, 2 * LENGTH)
    if "ends" not in faults.values():
        # A batch that is tried again has the same ranges: its tokens leave nothing to merge.
        assert sorted(clickhouse.rows["scans"]) == sorted(scans)
        assert sorted(clickhouse.rows["flags"]) == sorted(flags)


def test_a_batch_is_one_insert_a_table_and_one_of_all_positions(
    patched: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    clickhouse = FakeClickHouse()
    stand_in(patched, clickhouse)
    World(str(tmp_path), clickhouse).run(dict.fromkeys(PLACES, 3))
    assert sorted(clickhouse.inserts[:-1]) == ["flags", "scans"]
    assert clickhouse.inserts[-1] == "positions"
    assert len(clickhouse.rows["positions"]) == len(PLACES)
    assert clickhouse.offsets() == dict.fromkeys(PLACES, 3)


def test_partitions_that_the_table_does_not_know_are_asked_for_once(
    patched: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A query for each cost a start with 64 partitions half a minute."""
    clickhouse = FakeClickHouse()
    stand_in(patched, clickhouse)
    world = World(str(tmp_path), clickhouse)
    world.sink.positions()
    for place in PLACES:
        assert asyncio.run(world.sink.position(*place)) is None
    assert clickhouse.positions_read == 1


def test_positions_come_after_all_rows_or_not_at_all(
    patched: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    clickhouse = FakeClickHouse()
    stand_in(patched, clickhouse)
    clickhouse.faults = {2: "ends"}
    World(str(tmp_path), clickhouse).run(dict.fromkeys(PLACES, 3))
    assert clickhouse.offsets() == {}
    assert "positions" not in clickhouse.inserts


def test_a_token_names_the_ranges_of_the_batch_whatever_their_order() -> None:
    before = {PLACES[0]: BEGINNING, PLACES[1]: Position(4)}
    after = {PLACES[0]: Position(3), PLACES[1]: Position(7)}
    token = token_of(before, after)
    assert token == token_of(before, dict(reversed(after.items())))
    others = (
        token_of(before, {PLACES[0]: Position(3)}),
        token_of(before, {**after, PLACES[1]: Position(8)}),
        token_of({**before, PLACES[1]: Position(5)}, after),
        token_of(before, {**after, PLACES[1]: Position(7, epoch=1)}),
        token_of(
            {PLACES[2]: BEGINNING, PLACES[1]: Position(4)},
            {PLACES[2]: Position(3), PLACES[1]: Position(7)},
        ),
    )
    assert token not in others
    assert len(set(others)) == len(others)
