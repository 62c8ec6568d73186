"""The store of `project`: rows by table and the positions after them, in ClickHouse.

A batch of any number of partitions is one insert for each table, and then one of all positions.

Guarantees: a batch written twice leaves one copy. Its token makes ClickHouse drop the repeated
insert, and rows that come again in another cut have equal keys, of which the tables keep one
(ADR 21). The positions are written last, so a crash repeats a batch and never skips one. A batch
during which a rebuild swapped the tables is refused its positions (`generation`), and done again
into the new ones. A batch behind rows that the tables lost is refused them, too: the process ends,
and the next one begins where the tables are.
"""

import asyncio
import struct
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from clickhouse_connect.driver.client import Client
from clickhouse_connect.driver.exceptions import DataError
from msgspec.structs import astuple

from infra.clickhouse.client import AWAY, connect
from infra.clickhouse.generation import generation as read_generation
from infra.clickhouse.migrate import refuse_newer
from infra.errors import Unavailable
from infra.kafka.log_identity import LogId
from infra.kafka.offsets import Place
from infra.settings import Settings
from schemas.contract.errors import Poison
from streams.errors import StateLost
from streams.pacing import rest_s
from streams.positions import BEGINNING, Mark, Position
from streams.rows import Row, Rows, by_table, token_of

QUORUM: Mapping[str, str | int] = {"insert_quorum": "auto", "insert_quorum_parallel": 1}
"""A majority of replicas has each insert before the next: rows before their position there, too.

A replica that is behind tells an older position, and the batch is repeated. It is sent only where
there are replicas: without, it costs each insert some 1.5 ms and brings nothing.
"""
ROWS_SETTINGS: Mapping[str, str | int] = {
    "deduplicate_blocks_in_dependent_materialized_views": 1,
    # Presences are stored by month, and one batch may hold any number of months.
    "max_partitions_per_insert_block": 0,
}
HERE = Path(__file__).parent
# Read once: the files may be of the next release while this process still runs.
POSITIONS = (HERE / "positions.sql").read_text(encoding="utf-8")
HAS_REPLICAS = (HERE / "has_replicas.sql").read_text(encoding="utf-8")
UNFIT = (DataError, ValueError, TypeError, AttributeError, OverflowError, struct.error)
LOSS_TAKES_S = 1.0
"""Tables cannot be lost and made again in less; positions are held against them after so long.

In between, a lost table fails the batch. To look at each batch would cost it some 6 ms of 55.
"""
POSITION_COLUMNS = (
    *("stage", "topic", "partition", "next_offset", "version", "epoch"),
    *("cluster_id", "topic_id", "marks", "generation"),
)


class Sink:
    """Writes rows and positions as account `writer`.

    `columns` says which columns a table's rows have, in order.
    """

    def __init__(self, settings: Settings, stage: str, columns: dict[str, tuple[str, ...]]) -> None:
        self._settings = settings
        self._stage = stage
        self._columns = columns
        self._client: Client | None = None
        self._quorum: dict[str, str | int] = {}
        self._types: dict[str, list[Any]] = {}
        self._positions: dict[Place, Position] = {}
        self._has_read_positions = False
        self._known: Mapping[Place, Position] = {}
        """Positions that the tables had: they may have others later, never earlier ones."""
        self._was_behind = False
        self._generation: int | None = None
        self._written_at = 0.0
        self._positions_seen_at = 0.0
        """When the table surely had the positions that were written last."""
        self.rest_s = 0.0

    def begin(self) -> Rows:
        return Rows()

    async def commit(self, works: Sequence[Rows], positions: Mapping[Place, Position]) -> None:
        begun = time.monotonic()
        before = {place: await self.position(*place) or BEGINNING for place in positions}
        # The generation is read before the rows are written: they may go into earlier tables.
        generation = await asyncio.to_thread(self._known_generation)
        rows = by_table(works)
        await asyncio.to_thread(self._insert_all, rows, token_of(before, positions))
        await asyncio.to_thread(self._insert_positions, positions, generation, before)
        self._positions.update(positions)
        self._known = {**self._known, **positions}
        self._pace(sum(map(len, rows.values())), time.monotonic() - begun)

    async def position(self, topic: str, partition: int) -> Position | None:
        """Returns what this process has written, or else what the table says.

        Raises `StateLost` where the table says less than it did.
        """
        place = topic, partition
        if place not in self._positions and not self._has_read_positions:
            known = self._known
            read = await asyncio.to_thread(self._read_positions)
            _refuse_lost(_first_behind(read, known))
            # Another partition's batch may have moved its position since they were read.
            self._positions = {**read, **self._positions}
            self._has_read_positions = True
        return self._positions.get(place)

    def positions(self) -> Mapping[Place, Position]:
        """Reads all positions from the table; whatever it has now is where partitions begin."""
        positions = self._read_positions()
        self._positions = dict(positions)
        self._has_read_positions = True
        self._known = positions
        self._was_behind = False
        return positions

    async def refuse_lost(self) -> None:
        """Raises `StateLost` where the tables have less than they had, at two looks in a row.

        A replica may be behind at one of them. Raises `Unavailable`.
        """
        known = self._known
        behind = _first_behind(await asyncio.to_thread(self._read_positions), known)
        if self._was_behind:
            _refuse_lost(behind)
        self._was_behind = behind is not None

    def close(self) -> None:
        if self._client is not None:
            self._client.close()

    def _pace(self, rows: int, took_s: float) -> None:
        now = time.monotonic()
        self.rest_s = rest_s(rows, now - self._written_at, took_s, self._settings.sink_pace_s)
        self._written_at = now

    def _insert_all(self, rows_of: Mapping[str, list[Row]], token: str) -> None:
        for table, rows in rows_of.items():
            self._insert(table, self._columns[table], rows, f"{token}:{table}")

    def _insert_positions(
        self,
        positions: Mapping[Place, Position],
        generation: int,
        before: Mapping[Place, Position],
    ) -> None:
        """Inserts the positions at once; the table must have those `before`, at least."""
        rows = [self._position_row(*each, generation) for each in positions.items()]
        begun = time.monotonic()
        try:
            if begun - self._positions_seen_at >= LOSS_TAKES_S:
                _refuse_lost(_first_behind(self._read_positions(), before))
            self._connected().insert(
                "positions",
                rows,
                column_names=POSITION_COLUMNS,
                column_type_names=self._column_types("positions", POSITION_COLUMNS),
                settings=self._quorum,
            )
        except (StateLost, *AWAY) as error:
            raise self._away(error, "insert into positions") from error
        self._positions_seen_at = begun

    def _position_row(self, place: Place, position: Position, generation: int) -> Row:
        topic, partition = place
        log_id = position.log_id
        return (
            self._stage,
            topic,
            partition,
            position.next_offset,
            position.version,
            position.epoch,
            log_id.cluster_id if log_id else "",
            log_id.topic_id if log_id else "",
            [astuple(mark) for mark in position.marks],
            generation,
        )

    def _known_generation(self) -> int:
        if self._generation is None:
            try:
                self._generation = read_generation(self._connected())
            except AWAY as error:
                raise self._away(error, "positions") from error
        return self._generation

    def _insert(self, table: str, columns: tuple[str, ...], rows: list[Row], token: str) -> None:
        try:
            client = self._connected()
            client.insert(
                table,
                rows,
                column_names=columns,
                column_type_names=self._column_types(table, columns),
                settings={**ROWS_SETTINGS, **self._quorum, "insert_deduplication_token": token},
            )
        except UNFIT as error:
            # The client says so before anything reached the table. Waiting would not mend it, and
            # everything after would wait with it.
            raise Poison(
                f"a value does not fit its column in {table} ({type(error).__name__})"
            ) from error
        except AWAY as error:
            raise self._away(error, f"insert into {table}") from error

    def _column_types(self, table: str, columns: tuple[str, ...]) -> list[Any]:
        """Returns the types of the columns, which are read once per process."""
        if table not in self._types:
            description = self._connected().query(f"DESCRIBE TABLE {table}").result_rows
            types = {row[0]: row[1] for row in description}
            self._types[table] = [types[column] for column in columns]
        return self._types[table]

    def _read_positions(self) -> dict[Place, Position]:
        positions = {}
        for topic, partition, next_offset, epoch, log_id, marks in self._query_positions():
            positions[topic, partition] = Position(
                next_offset,
                LogId(*log_id) if any(log_id) else None,
                epoch,
                tuple(Mark(*mark) for mark in marks),
            )
        return positions

    def _query_positions(self) -> Sequence[Sequence[Any]]:
        try:
            result = self._connected().query(POSITIONS, parameters={"stage": self._stage})
        except AWAY as error:
            raise self._away(error, "positions") from error
        rows: Sequence[Sequence[Any]] = result.result_rows
        return rows

    def _away(self, error: Exception, doing: str) -> Unavailable:
        """Forgets what may have changed.

        A server that comes back may be another, or have other tables.
        """
        self._client = None
        self._generation = None
        self._positions = {}
        self._has_read_positions = False
        return Unavailable("clickhouse", f"{doing}: {type(error).__name__}")

    def _connected(self) -> Client:
        """Raises `MigrationError` where the tables are of newer code."""
        if self._client is None:
            client = connect(self._settings, "writer", timeout_s=30)
            refuse_newer(client)
            self._quorum = quorum(client)
            self._client = client
        return self._client


def _first_behind(read: Mapping[Place, Position], known: Mapping[Place, Position]) -> Place | None:
    """Returns a partition of which the table has less than is known; None if there is none."""
    for place, position in known.items():
        if read.get(place, BEGINNING).version < position.version:
            return place
    return None


def _refuse_lost(behind: Place | None) -> None:
    if behind is not None:
        topic, partition = behind
        raise StateLost(
            f"the tables lost what was in them: their position in {topic}[{partition}] is behind "
            "what was written. They fill again from the log"
        )


def quorum(client: Client) -> dict[str, str | int]:
    """Returns the settings by which each insert waits for a majority of the replicas, if any."""
    found = client.query(HAS_REPLICAS).result_rows
    return dict(QUORUM) if any(has_replicas for (has_replicas,) in found) else {}
