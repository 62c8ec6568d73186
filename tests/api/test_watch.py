"""Looking after lists: a round that fails is not the last one.

What was just published is not published again.
"""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest
from clickhouse_connect.driver.exceptions import DatabaseError

from api.backends.batched_queries import BatchedQueries
from api.backends.recent import Recent
from api.doors.services import Services
from api.handovers.watch import look, watch
from schemas.contract.events import Event
from schemas.contract.topics import Topic
from tests.api.conftest import Bench

OVERDUE = {
    "handover_id": str(uuid4()),
    "issue_id": str(uuid4()),
    "unit_code": "21025",
    "escalated_to": [],
}


class ReadSideWithOneOverdue:
    """A read side that refuses the first so many queries."""

    def __init__(self, refusals: int) -> None:
        self.refusals = refusals

    async def ask(self, name: str, parameters: Mapping[str, Any]) -> list[dict[str, Any]]:
        if self.refusals:
            self.refusals -= 1
            raise DatabaseError("no such table")
        return [OVERDUE] if name == "handovers/overdue" else []


def doors_with(bench: Bench, refusals: int = 0) -> Services:
    doors = bench.doors
    object.__setattr__(doors, "clickhouse", ReadSideWithOneOverdue(refusals))
    return doors


def test_a_list_is_escalated_once_though_the_tables_do_not_show_it_yet(bench: Bench) -> None:
    doors, published = doors_with(bench), Recent[float](10)

    async def rounds() -> None:
        for _ in range(3):
            await look(doors, published)

    asyncio.run(rounds())
    assert [event.to_unit_code for event in bench.broker.events] == ["522"]


def test_a_refusal_of_clickhouse_does_not_end_the_watch(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    doors = doors_with(bench, refusals=2)
    object.__setattr__(
        doors, "settings", doors.settings.model_copy(update={"handover_watch_s": 0.001})
    )

    async def until_escalated() -> None:
        escalated = asyncio.Event()

        async def accept_all(topic: Topic, events: Sequence[tuple[str | None, Event]]) -> None:
            if events:
                escalated.set()

        monkeypatch.setattr(bench.broker, "accept_all", accept_all)
        watching = asyncio.create_task(watch(doors))
        await escalated.wait()
        watching.cancel()

    asyncio.run(asyncio.wait_for(until_escalated(), 10))


def test_no_name_is_told_while_the_record_of_it_cannot_be_kept(bench: Bench) -> None:
    listed, queries = "a" * 32, list[str]()

    class ReadSideWithAList(ReadSideWithOneOverdue):
        async def ask(self, name: str, parameters: Mapping[str, Any]) -> list[dict[str, Any]]:
            known = {
                "handovers/current": [HANDOVER],
                "handovers/issues": [],
                "handovers/lines": [LINE | {"person_id": listed}],
            }
            return [dict(row) for row in known[name]]

        async def ask_with(
            self, name: str, parameters: Any, table: str, structure: str, rows: Any
        ) -> list[Any]:
            return []

        async def ask_people(self, name: str, parameters: Any, people: Any) -> list[Any]:
            queries.append(name)
            return []

    object.__setattr__(bench.doors, "clickhouse", ReadSideWithAList(0))
    object.__setattr__(bench.doors, "batched_queries", BatchedQueries(bench.doors.clickhouse))
    body = {"handover_id": HANDOVER["handover_id"], "purpose": "to call them today"}
    bench.broker.away = True
    assert bench.post("/reveals", body).status_code == 503
    assert "handovers/identities" not in queries
    bench.broker.away = False
    assert bench.post("/reveals", body).status_code == 200
    assert "handovers/identities" in queries


AT = datetime(2021, 9, 15, tzinfo=UTC)
HANDOVER: dict[str, Any] = {
    "handover_id": str(uuid4()),
    "issue_id": str(uuid4()),
    "revision": 1,
    "case_id": str(uuid4()),
    "unit_code": "21025",
    "people": 1,
    "rules_id": "QD-3638",
    "depth": 2,
    "follow_days": 14,
    "unlisted": 0,
    "state": "waiting",
    "issued_at": AT,
    "outdated": False,
    "waiting_since": AT,
    "deadline_at": AT,
    "issued_by": "tracer",
    "acknowledged_at": None,
    "acknowledged_by": "",
    "escalated_to": [],
}
LINE = {
    "issue_id": HANDOVER["issue_id"],
    "generation": 1,
    "exposed_at": AT,
    "last_exposed_at": AT,
    "follow_until": AT.date(),
    "source_id": "b" * 32,
    "place": "site:market",
}
