"""The store of `project` writes to the real ClickHouse: a batch written twice leaves one copy.

That holds in the views behind its tables too. A position is stored after its rows.
"""

import asyncio
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
import pytest
from msgspec.structs import replace

from infra.clickhouse.client import connect
from infra.clickhouse.migrate import migrate
from infra.errors import Unavailable
from infra.settings import Settings
from schemas.contract.errors import Poison
from schemas.contract.events import Event, FlagRaised, JourneyIdentified, ScanIdentified
from schemas.contract.ids import DeclarationId, EventId, FlagId, PersonId
from schemas.contract.topics import JOURNAL
from streams.positions import Position
from streams.project import COLUMNS, Project
from streams.rows import Rows
from streams.sink import Sink, quorum
from streams.stage import Received
from tests.running_stack import RunningStack
from tests.streams.stores import offset_of

pytestmark = pytest.mark.live

EXAMPLES = Path(__file__).parents[2] / "schemas" / "contract" / "examples"
PERSON, ANOTHER = PersonId("1" * 32), PersonId("2" * 32)
WRITTEN = ("scans", "flags", "flag_changes", "declarations", "declarations_by_id")
"""Three tables; two of them are followed by the one that a view fills from it."""


@pytest.fixture(scope="module")
def migrated(servers: RunningStack) -> Iterator[Settings]:
    """Yields settings of a database of its own, in which no merge can hide a doubled row."""
    own = servers.settings.model_copy(
        update={"clickhouse_database": "of_the_sink", "sink_pace_s": 0.0}
    )
    migrate(own)
    with connect(own, "writer") as client:
        for table in WRITTEN:
            client.command(f"SYSTEM STOP MERGES {table}")
        yield own
        client.command("DROP DATABASE of_the_sink SYNC")


@pytest.fixture
def settings(migrated: Settings) -> Settings:
    with connect(migrated, "writer") as client:
        for table in (*WRITTEN, "positions"):
            client.command(f"TRUNCATE TABLE {table} SYNC")
    return migrated


@pytest.fixture
def sink(settings: Settings) -> Iterator[Sink]:
    yield from opened(settings)


@pytest.fixture
def sink_of_the_next_process(settings: Settings) -> Iterator[Sink]:
    """Yields a sink that knows the tables, and nothing of what the other one did."""
    yield from opened(settings)


def opened(settings: Settings) -> Iterator[Sink]:
    sink = Sink(settings, Project.name, COLUMNS)
    yield sink
    sink.close()


def example(topic: str, event_type: type[Any]) -> Any:
    return msgspec.json.decode(
        (EXAMPLES / topic / "1" / f"{event_type.__name__}.ordinary.json").read_bytes(),
        type=event_type,
    )


def events(offset: int, person_id: PersonId) -> tuple[Event, ...]:
    """Returns a scan, a flag and a declaration, the same ones each time for an offset."""
    name = str(UUID(int=offset + 1))
    return (
        replace(example("journal", ScanIdentified), entry_id=EventId(name), person_id=person_id),
        replace(example("flags", FlagRaised), flag_id=FlagId(name), person_id=person_id),
        replace(
            example("journal", JourneyIdentified),
            entry_id=EventId(name),
            declaration_id=DeclarationId(name),
            person_id=person_id,
        ),
    )


def write(sink: Sink, first: int, next_offset: int, *, person_id: PersonId = PERSON) -> None:
    """Writes the batch of these offsets as the stage does."""
    rows = Rows()
    records = []
    for offset in range(first, next_offset):
        records += [Received(event, 0, offset) for event in events(offset, person_id)]
    Project().fold(records, rows)
    asyncio.run(sink.commit([rows], {(JOURNAL.name, 0): Position(next_offset)}))


def position(sink: Sink, *, partition: int = 0) -> int | None:
    return offset_of(asyncio.run(sink.position(JOURNAL.name, partition)))


def forget_positions(settings: Settings) -> None:
    """Leaves what a crash between the rows and their position leaves."""
    with connect(settings, "writer") as client:
        client.command("TRUNCATE TABLE positions SYNC")


def counts(settings: Settings, *, final: bool = False) -> dict[str, int]:
    modifier = "FINAL" if final else ""
    with connect(settings, "writer") as client:
        return {
            table: client.command(f"SELECT count() FROM {table} {modifier}") for table in WRITTEN
        }


def in_every_table(count: int) -> dict[str, int]:
    return dict.fromkeys(WRITTEN, count)


def test_rows_are_in_their_tables_and_in_the_views_behind_them(
    settings: Settings, sink: Sink
) -> None:
    write(sink, 0, 3)
    assert counts(settings) == in_every_table(3)


@pytest.mark.parametrize("again", [PERSON, ANOTHER], ids=["as they were", "otherwise"])
def test_the_same_cut_of_rows_is_dropped_by_its_token_whatever_it_holds_and_behind_its_tables_too(
    settings: Settings, sink: Sink, sink_of_the_next_process: Sink, again: PersonId
) -> None:
    write(sink, 0, 3)
    forget_positions(settings)
    assert position(sink_of_the_next_process) is None
    write(sink_of_the_next_process, 0, 3, person_id=again)
    assert counts(settings) == in_every_table(3)


def test_equal_rows_of_two_cuts_are_written_both_and_one_of_each_remains(
    settings: Settings, sink: Sink, sink_of_the_next_process: Sink
) -> None:
    write(sink, 0, 3)
    forget_positions(settings)
    write(sink_of_the_next_process, 0, 2)
    write(sink_of_the_next_process, 2, 4)
    assert counts(settings) == in_every_table(3 + 2 + 2)
    assert counts(settings, final=True) == in_every_table(4)


def test_rows_that_reached_a_table_but_no_view_reach_it_when_the_batch_comes_again(
    settings: Settings, sink: Sink, sink_of_the_next_process: Sink
) -> None:
    with connect(settings, "writer") as client:
        client.command("DETACH TABLE declarations_to_declarations_by_id SYNC")
        write(sink, 0, 3)
        client.command("ATTACH TABLE declarations_to_declarations_by_id")
    forget_positions(settings)
    assert counts(settings) == in_every_table(3) | {"declarations_by_id": 0}
    write(sink_of_the_next_process, 0, 3)
    assert counts(settings) == in_every_table(3)


def test_batches_that_follow_one_another_are_all_kept(settings: Settings, sink: Sink) -> None:
    for first in range(3):
        write(sink, first, first + 1)
    assert counts(settings) == in_every_table(3)


def test_a_position_is_stored_with_the_rows_and_read_by_the_next_process(
    sink: Sink, sink_of_the_next_process: Sink
) -> None:
    assert position(sink) is None
    write(sink, 0, 3)
    write(sink, 3, 5)
    assert position(sink) == 5
    assert position(sink_of_the_next_process) == 5
    assert position(sink_of_the_next_process, partition=1) is None


def test_positions_of_another_stage_are_not_taken_for_its_own(
    settings: Settings, sink: Sink
) -> None:
    write(sink, 0, 3)
    other = Sink(settings, "another", COLUMNS)
    assert position(other) is None
    other.close()


def test_a_batch_cut_off_between_tables_has_no_position_and_is_made_whole_when_it_comes_again(
    settings: Settings, sink: Sink, sink_of_the_next_process: Sink
) -> None:
    with connect(settings, "writer") as client:
        client.command("DETACH TABLE flags SYNC")
        with pytest.raises(Unavailable, match="insert into flags"):
            write(sink, 0, 3)
        client.command("ATTACH TABLE flags")
    assert counts(settings) == in_every_table(0) | {"scans": 3}
    assert position(sink) is None
    assert position(sink_of_the_next_process) is None
    write(sink_of_the_next_process, 0, 3)
    assert counts(settings) == in_every_table(3)
    assert position(sink_of_the_next_process) == 3


def begin_generation(settings: Settings, number: int) -> None:
    with connect(settings, "writer") as client:
        client.command(f"ALTER TABLE positions MODIFY COLUMN generation DEFAULT {number}")
        client.command("ALTER TABLE positions DROP CONSTRAINT of_this_generation")
        client.command(
            f"ALTER TABLE positions ADD CONSTRAINT of_this_generation CHECK generation = {number}"
        )


def test_a_batch_that_began_before_a_swap_is_refused_its_position_and_done_again(
    settings: Settings, sink: Sink
) -> None:
    """Its rows may be in the table that was swapped away."""
    write(sink, 0, 2)
    begin_generation(settings, 1)
    try:
        with pytest.raises(Unavailable, match="insert into positions"):
            write(sink, 2, 4)
        assert position(sink) == 2
        write(sink, 2, 4)
        assert position(sink) == 4
        assert counts(settings) == in_every_table(4)
    finally:
        begin_generation(settings, 0)


@pytest.mark.parametrize("person_id", ["3" * 40, None], ids=["too long", "not a text"])
def test_a_value_that_no_column_can_hold_is_poison_and_not_waited_for(
    settings: Settings, sink: Sink, person_id: Any
) -> None:
    with pytest.raises(Poison, match="does not fit its column in scans"):
        write(sink, 0, 3, person_id=person_id)
    assert counts(settings) == in_every_table(0)
    assert position(sink) is None
    write(sink, 0, 3)
    assert counts(settings) == in_every_table(3)
    assert position(sink) == 3


@pytest.mark.usefixtures("database_with_replicas")
def test_a_majority_of_replicas_has_rows_and_position(
    sink: Sink, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No cluster is at hand: what is sent with each insert is looked at."""
    assert quorums_sent(sink, monkeypatch) == {(None, None)}  # nor are there replicas
    with connect(settings, "writer", database="with_replicas") as client:
        monkeypatch.setattr(sink, "_quorum", quorum(client))
    assert quorums_sent(sink, monkeypatch) == {("auto", 1)}


def quorums_sent(sink: Sink, monkeypatch: pytest.MonkeyPatch) -> set[tuple[object, object]]:
    """Writes a batch, and returns the settings of quorum that went with its inserts."""
    sent: list[dict[str, object]] = []
    client = sink._connected()

    def noting(call: Callable[..., object], *words: object, **options: Any) -> object:
        sent.append(options["settings"])
        return call(*words, **options)

    first = position(sink) or 0
    with monkeypatch.context() as patch:
        for name in ("insert", "command"):
            patch.setattr(client, name, partial(noting, getattr(client, name)))
        write(sink, first, first + 3)
    assert len(sent) == 3 + 1  # three tables, which two views follow, and the position
    assert position(sink) == first + 3
    return {(each.get("insert_quorum"), each.get("insert_quorum_parallel")) for each in sent}


@pytest.fixture
def database_with_replicas(migrated: Settings) -> Iterator[None]:
    """A replicated table that is attached, not created, needs no Keeper."""
    with connect(migrated, "writer") as client:
        client.command("CREATE DATABASE with_replicas")
        client.command(
            "ATTACH TABLE with_replicas.positions UUID '11111111-1111-4111-8111-111111111111'"
            " (number Int32) ENGINE = ReplicatedMergeTree('/{uuid}', 'one') ORDER BY number"
        )
        yield
        client.command("DROP DATABASE with_replicas")
