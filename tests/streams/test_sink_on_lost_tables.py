"""The sink notices that the tables lost what was in them, and moves no position past the gap.

ClickHouse may be replaced while no record comes. No request fails then: only the positions tell it.
"""

import asyncio
from collections.abc import Iterator

import pytest

from infra.clickhouse.client import connect
from infra.clickhouse.migrate import migrate
from infra.errors import Unavailable
from infra.settings import Settings
from schemas.contract.topics import JOURNAL
from streams.errors import StateLost
from streams.positions import Position
from streams.project import COLUMNS, Project
from streams.sink import Sink
from tests.running_stack import RunningStack
from tests.streams.stores import offset_of

pytestmark = pytest.mark.live
DATABASE = "of_lost_tables"


@pytest.fixture(scope="module")
def settings(servers: RunningStack) -> Iterator[Settings]:
    """Yields settings of a database of its own."""
    own = servers.settings.model_copy(update={"clickhouse_database": DATABASE, "sink_pace_s": 0.0})
    migrate(own)
    yield own
    with connect(own, "writer", database="default") as client:
        client.command(f"DROP DATABASE {DATABASE} SYNC")


@pytest.fixture
def sink(settings: Settings) -> Iterator[Sink]:
    """Yields a sink that has written two partitions up to offset 5."""
    sink = Sink(settings, Project.name, COLUMNS)
    for partition in range(2):
        write(sink, 5, partition=partition)
    yield sink
    lose(settings)
    sink.close()


def write(sink: Sink, next_offset: int, *, partition: int = 0) -> None:
    position = Position(next_offset)
    asyncio.run(sink.commit([], {(JOURNAL.name, partition): position}))


def position(sink: Sink, *, partition: int = 0) -> int | None:
    return offset_of(asyncio.run(sink.position(JOURNAL.name, partition)))


def lose(settings: Settings) -> None:
    """Leaves what a new ClickHouse has after its migrations."""
    with connect(settings, "writer") as client:
        client.command("TRUNCATE TABLE positions SYNC")


def test_a_position_is_not_moved_past_rows_that_were_lost(
    settings: Settings, sink: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("streams.sink.LOSS_TAKES_S", 0.0)  # the loss below takes no time
    lose(settings)
    with pytest.raises(Unavailable, match="insert into positions"):
        write(sink, 6)
    with pytest.raises(StateLost, match=r"the tables lost .* journal\[0\]"):
        position(sink)
    next_process = Sink(settings, Project.name, COLUMNS)
    assert position(next_process) is None
    next_process.close()


def test_a_loss_is_noticed_while_no_record_comes(settings: Settings, sink: Sink) -> None:
    asyncio.run(sink.refuse_lost())
    lose(settings)
    asyncio.run(sink.refuse_lost())  # one replica may be behind for a moment
    with pytest.raises(StateLost, match=r"the tables lost"):
        asyncio.run(sink.refuse_lost())


def test_whole_tables_are_no_loss_however_often_they_are_looked_at(sink: Sink) -> None:
    for next_offset in range(6, 9):
        write(sink, next_offset)
        asyncio.run(sink.refuse_lost())
    assert (position(sink), position(sink, partition=1)) == (8, 5)


def test_partitions_given_anew_begin_where_the_tables_are(settings: Settings, sink: Sink) -> None:
    lose(settings)
    assert sink.positions() == {}
    assert position(sink) is None
    write(sink, 1)
    assert position(sink) == 1
