"""The door of replays over stand-ins: what it asks for and refuses, and how an answer comes."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

import orjson
import pytest
from msgspec import structs

from api.backends.replay_jobs import AnotherRuns, ReplayFailed, Running
from infra.replays.request import ReplayRequest
from infra.replays.result import Change, Replayed
from schemas.domain.reference import DEFAULT_POLICY
from tests.api.conftest import Bench

MORNING = {"from": "2021-09-15T00:00:00", "to": "2021-09-15T12:00:00"}
IN_UTC = datetime(2021, 9, 14, 17, tzinfo=UTC), datetime(2021, 9, 15, 5, tzinfo=UTC)
FOUND = Replayed(
    since=IN_UTC[0],
    until=IN_UTC[1],
    policy_id="draft",
    replayed_at=IN_UTC[1],
    took_s=1.5,
    records=9,
    passed_over=0,
    judged=3,
    recorded=3,
    reproduced=3,
    deviations=[],
    deviations_beyond=0,
    changed=2,
    decisions=[],
    grounds=[],
    posts=[],
    changes=[
        Change(
            checkpoint_id="bình-đê",
            was="pass",
            would_be="refer",
            gone=[],
            new=["health_test/test_missing", "two_names/other_name"],
            scans=2,
        )
    ],
    changes_beyond=7,
    scans=[],
    scans_beyond=0,
)


@dataclass
class Answering:
    """`Replays` that says what it is told to."""

    answer: Running | bytes | Exception = field(default_factory=lambda: Running(0, 0))
    asked: list[ReplayRequest] = field(default_factory=list)

    def ask(self, asked: ReplayRequest) -> Running | bytes:
        self.asked.append(asked)
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer

    async def close(self) -> None:
        return None


@pytest.fixture
def replays(bench: Bench) -> Iterator[Answering]:
    replays = Answering()
    bench.app.state.services = replace(bench.doors, replays=replays)  # type: ignore[arg-type] # a stand-in
    draft = structs.replace(
        DEFAULT_POLICY, policy_id="draft", valid_from=datetime(2090, 1, 1, tzinfo=UTC)
    )
    for _ in range(2):
        known = bench.doors.reference.current
        known.add(known.version + 1, draft)
    yield replays


def ask(bench: Bench, role: str = "analyst", accept: str = "*/*", **parameters: str) -> Any:
    return bench.call(
        "GET", "/policies/replay", role, params=MORNING | parameters, headers={"Accept": accept}
    )


def test_a_period_without_a_zone_is_vietnams_and_no_policy_means_those_of_then(
    bench: Bench, replays: Answering
) -> None:
    ask(bench)
    assert replays.asked == [ReplayRequest(*IN_UTC, None)]


def test_a_policy_is_asked_for_as_it_was_adopted_last(bench: Bench, replays: Answering) -> None:
    ask(bench, policy="draft")
    ask(bench, policy="built-in")
    assert [asked.policy for asked in replays.asked] == [bench.doors.reference.current.version, -1]


def test_while_it_runs_it_says_how_far_it_is_and_where_to_ask_again(
    bench: Bench, replays: Answering
) -> None:
    replays.answer = Running(40, 100)
    answer = ask(bench, policy="draft")
    assert (answer.status_code, answer.json()) == (
        202,
        {"state": "running", "done": 40, "total": 100, "ask_again_after_s": 1},
    )
    again = bench.call("GET", answer.headers["location"], "analyst")
    assert again.status_code == 202 and replays.asked[0] == replays.asked[1]
    assert answer.headers["retry-after"] == "1"


def test_what_was_found_comes_as_json_or_as_a_table(bench: Bench, replays: Answering) -> None:
    replays.answer = orjson.dumps(FOUND)
    assert ask(bench).json()["changes"][0]["new"] == [
        "health_test/test_missing",
        "two_names/other_name",
    ]
    table = ask(bench, accept="text/csv")
    assert (
        table.headers["content-type"] == "text/csv; charset=utf-8"
        and table.headers["x-unlisted"] == "7"
    )
    (row,) = csv.DictReader(io.StringIO(table.content.decode("utf-8-sig")))
    assert row == {
        "checkpoint_id": "bình-đê",
        "was": "pass",
        "would_be": "refer",
        "gone": "",
        "new": "health_test/test_missing; two_names/other_name",
        "scans": "2",
    }
    assert ask(bench, accept="application/pdf").status_code == 406


@pytest.mark.parametrize(
    ("parameters", "faults"),
    [
        ({"to": "2021-09-15T00:00:00"}, {"to": "it does not lie after from"}),
        (
            {"to": "2021-09-14T00:00:00", "policy": "?"},
            {
                "to": "it does not lie after from",
                "policy": "no policy is called ?; there are built-in, draft",
            },
        ),
        ({"to": "2140-01-01"}, {"to": "it lies in the future; check the device's clock"}),
        (
            {"from": "yesterday"},
            {"from": "Input should be a valid datetime or date, input is too short"},
        ),
    ],
)
def test_every_field_at_fault_is_named(
    bench: Bench, replays: Answering, parameters: dict[str, str], faults: dict[str, str]
) -> None:
    answer = ask(bench, **parameters)
    assert answer.status_code == 422
    assert {fault["field"]: fault["reason"] for fault in answer.json()["errors"]} == faults
    assert replays.asked == []


@pytest.mark.parametrize(
    ("trouble", "status", "detail"),
    [
        (
            AnotherRuns("another replay is under way, 4 of 9 records done; one runs at a time"),
            429,
            "another replay is under way, 4 of 9",
        ),
        (
            ReplayFailed("its process ended with -9"),
            503,
            "its process ended with -9; the same question begins it anew",
        ),
    ],
)
def test_what_keeps_it_from_running_is_told(
    bench: Bench, replays: Answering, trouble: Exception, status: int, detail: str
) -> None:
    replays.answer = trouble
    answer = ask(bench)
    assert (answer.status_code, answer.headers["retry-after"]) == (status, "10")
    assert answer.headers["content-type"] == "application/problem+json" and answer.json()[
        "detail"
    ].startswith(detail)


@pytest.mark.parametrize(
    ("role", "status"),
    [("register", 202), ("committee", 202), ("analyst", 202), ("admin", 202), ("checkpoint", 403)],
)
def test_roles(bench: Bench, replays: Answering, role: str, status: int) -> None:
    assert ask(bench, role).status_code == status
