"""Traces run in the process that traces; what is too costly says which place, over HTTP."""

from typing import Any

import pytest

from api.tracing.responses import ms
from infra.errors import TooCostly, Unavailable
from tests.api.conftest import Bench, EmptyReadSide
from tests.api.tracing.minutes import at

PERSON, OTHER, PLACE = "0" * 32, "1" * 32, "site:factory"
PERIOD = {"from": "2021-09-14T00:00:00Z", "to": "2021-09-15T00:00:00Z"}
FORWARD = {
    "person_id": PERSON,
    "since": at(0).isoformat(),
    "isolated_at": at(240).isoformat(),
    "rules_id": "QD-3638",
}
BACKWARD = {"person_id": PERSON, "onset_at": at(0).isoformat(), "days_before": 14}
QUESTIONS: dict[str, tuple[str, str, dict[str, Any]]] = {
    "forward": ("POST", "/traces/forward", {"json": FORWARD}),
    "backward": ("POST", "/traces/backward", {"json": BACKWARD}),
    "path": (
        "GET",
        "/traces/path",
        {"params": {"person_id": PERSON, "other_id": OTHER, "rules_id": "QD-3638", **PERIOD}},
    ),
    "place": ("GET", "/traces/place", {"params": {"place": PLACE, **PERIOD}}),
}


class TracerAway:
    async def call(self, task: str, *arguments: Any) -> Any:
        raise Unavailable("the tracing process", "it ended")

    async def close(self) -> None:
        return None


class FullFactory(EmptyReadSide):
    """Knows one stay, at a place that takes too much to list."""

    async def ask(self, name: str, parameters: Any) -> list[Any]:
        if name == "tracing/place":
            raise TooCostly("clickhouse", "memory")
        return [{"people": 7}] if name == "tracing/active" else []

    async def ask_people(self, name: str, parameters: Any, people: Any) -> list[Any]:
        if name != "tracing/stays":
            return []
        stay = {"presence_id": "p", "source": "report", "granularity": "minute", "place": PLACE}
        return [{"person_id": PERSON, **stay, "began": ms(at(10)), "ended": ms(at(200))}]

    async def ask_with(
        self, name: str, parameters: Any, table: str, structure: str, rows: Any
    ) -> list[Any]:
        if name == "tracing/contacts":
            raise TooCostly("clickhouse", "memory")
        return []


@pytest.mark.parametrize("question", QUESTIONS)
def test_the_door_itself_traces_nothing(bench: Bench, question: str) -> None:
    asked: list[str] = []

    class NotOfTheDoor(EmptyReadSide):
        async def ask(self, name: str, parameters: Any) -> list[Any]:
            asked.append(name)
            return []

    object.__setattr__(bench.doors, "clickhouse", NotOfTheDoor())
    object.__setattr__(bench.doors, "tracer", TracerAway())
    method, path, request = QUESTIONS[question]
    response = bench.call(method, path, **request)
    assert response.status_code == 503
    assert response.json()["detail"].startswith("the tracing process does not answer")
    assert asked == []


@pytest.mark.parametrize("question", ["forward", "place"])
def test_what_is_too_costly_says_which_place(bench: Bench, question: str) -> None:
    object.__setattr__(bench.doors, "clickhouse", FullFactory())
    method, path, request = QUESTIONS[question]
    response = bench.call(method, path, **request)
    assert response.status_code == 503
    assert response.headers["content-type"] == "application/problem+json"
    problem = response.json()
    assert problem["type"] == "urn:dibiendong:problem:too-costly"
    assert problem["place"] == PLACE
    assert PLACE in problem["detail"]
