"""Doors say that the tables are incomplete, and since when, while lost tables fill again."""

import asyncio
from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from typing import Any

import pytest

from api.backends.tables_watch import Refill, TablesWatch
from infra.errors import Unavailable
from infra.kafka.offsets import Place
from tests.api.conftest import Bench

SCANS = "checkpoint-scans"
CASES = "cases"


class Tables:
    """Tables and a log of the test's own; offsets by topic, in partition 0."""

    def __init__(self) -> None:
        self.finished = {SCANS: 100, CASES: 10}
        self.written = {SCANS: 100, CASES: 10}
        self.starts = {SCANS: 0, CASES: 0}
        self.away = False
        self.watch = TablesWatch(self, self)  # type: ignore[arg-type] # a stand-in

    async def ask(self, name: str, parameters: Any) -> list[dict[str, Any]]:
        if self.away:
            raise Unavailable("clickhouse", "away")
        rows = self.written.items()
        return [{"topic": topic, "partition": 0, "next_offset": at} for topic, at in rows]

    def committed(self, topics: Collection[str]) -> Mapping[Place, int]:
        return self._places(self.finished)

    def beginnings(self, places: Collection[Place]) -> Mapping[Place, int]:
        return self._places(self.starts)

    def close(self) -> None:
        """Has nothing to close."""

    def _places(self, offsets: dict[str, int]) -> dict[tuple[str, int], int]:
        return {(topic, 0): offset for topic, offset in offsets.items()}

    def look(self) -> Refill | None:
        asyncio.run(self.watch.look())
        return self.watch.refill


@pytest.fixture
def tables() -> Tables:
    return Tables()


def test_tables_that_stand_where_the_group_stands_are_complete(tables: Tables) -> None:
    assert tables.look() is None
    tables.written[SCANS] = 150
    assert tables.look() is None


def test_lost_tables_are_incomplete_until_they_are_where_they_were(tables: Tables) -> None:
    tables.written.clear()
    first = tables.look()
    assert first is not None and first.records_left == 110
    tables.written[SCANS] = 60
    second = tables.look()
    assert second == Refill(50, first.since)
    tables.finished[SCANS] = 100
    tables.written |= {SCANS: 100, CASES: 10}
    assert tables.look() is None


def test_what_the_log_no_longer_has_is_not_waited_for(tables: Tables) -> None:
    tables.written.clear()
    tables.starts |= {SCANS: 100, CASES: 4}
    found = tables.look()
    assert found is not None and found.records_left == 6


def test_what_was_seen_last_counts_while_clickhouse_is_away(tables: Tables) -> None:
    tables.written.clear()
    seen = tables.look()
    tables.away = True
    with pytest.raises(Unavailable):
        tables.look()
    assert tables.watch.refill == seen


def test_responses_and_readiness_say_since_when_the_tables_are_incomplete(
    bench: Bench, tables: Tables
) -> None:
    bench.app.state.tables = tables.watch
    tables.look()
    assert "x-tables-incomplete-since" not in bench.call("GET", "/flags").headers
    assert bench.client.get("/readyz").json()["tables"]["complete"] is True
    tables.watch.refill = Refill(38_472, datetime(2026, 11, 30, 20, 5, tzinfo=UTC))
    answer = bench.call("GET", "/flags")
    assert answer.status_code == 200
    assert answer.headers["x-tables-incomplete-since"] == "2026-11-30T20:05:00+00:00"
    assert bench.client.get("/readyz").json()["tables"] == {
        "complete": False,
        "since": "2026-11-30T20:05:00+00:00",
        "records_left": 38_472,
    }
