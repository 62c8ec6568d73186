"""The process that traces answers as the door itself would, on the real ClickHouse."""

import asyncio
from typing import Any

import msgspec
import pytest

from api.backends.batched_queries import BatchedQueries
from api.backends.clickhouse import ReadSide
from api.backends.worker_process import WorkerProcess
from api.http.problems import Problem
from api.tracing.exports import Kind
from api.tracing.forward_answer import forward_answer
from api.tracing.forward_trace import ForwardTrace
from api.tracing.trace_request import ForwardIn
from api.tracing.trace_services import KnownRules, TraceServices, reference_of
from infra.settings import Settings
from schemas.domain.exposure import SHIPPED
from schemas.domain.pseudonyms import Pseudonyms
from schemas.domain.reference.exposure_rules import SHIPPED_VERSION
from tests.api.tracing.minutes import at
from tests.api.tracing.worlds import Worlds

pytestmark = pytest.mark.live
RULES = KnownRules([(SHIPPED_VERSION, rules) for rules in SHIPPED], 0)


def in_worker(settings: Settings, *calls: tuple[Any, ...]) -> list[Any]:
    async def called() -> list[Any]:
        worker = WorkerProcess(settings, "api.tracing.worker", "the tracing process")
        try:
            asked = (worker.call(task, RULES, *arguments) for task, *arguments in calls)
            return await asyncio.gather(*asked, return_exceptions=True)
        finally:
            await worker.close()

    return asyncio.run(called())


def in_place(settings: Settings, request: ForwardIn) -> ForwardTrace:
    async def answered() -> ForwardTrace:
        side = ReadSide(settings)
        pseudonyms = Pseudonyms(settings.person_key.get_secret_value())
        services = TraceServices(side, BatchedQueries(side), pseudonyms, reference_of(RULES))
        try:
            return await forward_answer(services, request)
        finally:
            await side.close()

    return asyncio.run(answered())


def request(case: str, **more: Any) -> ForwardIn:
    period: dict[str, Any] = {
        "since": at(0),
        "isolated_at": at(240),
        "rules_id": "QD-3638",
    }
    return ForwardIn(person_id=case, depth=2, **period, **more)


def test_the_process_answers_as_the_door_would(worlds: Worlds) -> None:
    a, b, *_ = worlds.write(
        [
            ("a", "site:1", 0, 60, 0),
            ("b", "site:1", 10, 60, 0),
            ("b", "site:2", 90, 60, 0),
            ("c", "site:2", 100, 30, 0),
        ]
    )
    asked = request(a.person)
    encoded, export = in_worker(
        worlds.settings, ("forward", asked), ("forward_export", asked, Kind.JSON)
    )
    expected = in_place(worlds.settings, asked)
    assert expected.generations == [1, 1]
    assert msgspec.msgpack.decode(encoded, type=ForwardTrace) == expected
    assert msgspec.json.decode(export.content, type=ForwardTrace) == expected
    assert (export.media_type, export.headers["X-Stays"]) == ("application/json", "1")
    assert b.person in {person.person_id for person in expected.people}


def test_a_request_at_fault_and_a_case_nobody_knows_come_back_as_problems(worlds: Worlds) -> None:
    (case,) = worlds.write([("a", "site:1", 0, 60, 0)])
    unknown_rules = request(case.person).model_copy(update={"rules_id": "none"})
    (problem,) = in_worker(worlds.settings, ("forward", unknown_rules))
    assert isinstance(problem, Problem)
    assert [fault.field for fault in problem.errors] == ["rules_id"]
