"""As much of ClickHouse as the sink sees: tables that keep a row of a key, tokens, positions."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from types import SimpleNamespace
from typing import Any

import pytest

from streams import sink
from streams.project import COLUMNS


class ProcessEnded(Exception):
    """The process that writes ends here."""


class FakeClickHouse:
    """Keeps rows raw, as before any merge; `faults` says what happens to an insert, by number.

    An insert may be "refused", its "answer lost", or the process that "ends" has written it.
    """

    def __init__(self) -> None:
        self.rows: defaultdict[str, list[tuple[Any, ...]]] = defaultdict(list)
        self.tokens: set[str] = set()
        self.inserts: list[str] = []
        """The table of each insert that came."""
        self.faults: Mapping[int, str] = {}
        self.positions_read = 0

    def insert(
        self,
        table: str,
        rows: Sequence[Sequence[Any]],
        *,
        column_names: Sequence[str],
        column_type_names: Sequence[str],
        settings: Mapping[str, Any],
    ) -> None:
        self.inserts.append(table)
        fault = self.faults.get(len(self.inserts))
        if fault == "refused":
            raise OSError("refused")
        token = settings.get("insert_deduplication_token")
        if token is None or token not in self.tokens:
            self.rows[table] += map(tuple, rows)
        if token is not None:
            self.tokens.add(token)
        if fault == "answer lost":
            raise OSError("the answer is lost")
        if fault == "ends":
            raise ProcessEnded

    def query(self, text: str, parameters: Mapping[str, Any] | None = None) -> Any:
        if text.startswith("DESCRIBE TABLE "):
            table = text.removeprefix("DESCRIBE TABLE ")
            columns = COLUMNS.get(table, sink.POSITION_COLUMNS)
            return SimpleNamespace(result_rows=[(column, "String") for column in columns])
        if text == sink.POSITIONS:
            self.positions_read += 1
            return SimpleNamespace(result_rows=self._positions())
        assert text == sink.HAS_REPLICAS, text
        return SimpleNamespace(result_rows=[])

    def close(self) -> None:
        """Closes nothing."""

    def _positions(self) -> list[tuple[Any, ...]]:
        newest: dict[tuple[str, int], tuple[Any, ...]] = {}
        for row in sorted(self.rows["positions"], key=lambda row: row[4]):
            _, topic, partition, next_offset, _, epoch, cluster_id, topic_id, marks, _ = row
            log_id = cluster_id, topic_id
            newest[topic, partition] = topic, partition, next_offset, epoch, log_id, marks
        return list(newest.values())

    def offsets(self) -> dict[tuple[str, int], int]:
        return {(row[0], row[1]): row[2] for row in self._positions()}

    def final(self, table: str, key: str) -> list[tuple[Any, ...]]:
        """Returns the rows that a merge would leave, in the order of their keys."""
        place = COLUMNS[table].index(key)
        kept = {row[place]: row for row in self.rows[table]}
        return [kept[name] for name in sorted(kept)]


def stand_in(monkeypatch: pytest.MonkeyPatch, clickhouse: FakeClickHouse) -> None:
    """Makes every sink connect to this one."""

    def connect(*words: object, **options: object) -> FakeClickHouse:
        return clickhouse

    monkeypatch.setattr(sink, "connect", connect)
    monkeypatch.setattr(sink, "refuse_newer", lambda client: None)
    monkeypatch.setattr(sink, "read_generation", lambda client: 0)
