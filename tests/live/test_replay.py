"""A past period is judged again on the real stack, over HTTP.

Every recorded verdict comes out again, and a draft policy changes what it must.
"""

import csv
import io
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx2
import pytest

from api.backends.replay_jobs import MAX_RESULTS
from infra.clickhouse.client import connect
from infra.kafka.offsets import ends
from infra.processes import Identity, recorded
from infra.settings import CHECKOUT
from infra.tools.doors_client import DoorsClient, token_of
from schemas.contract.topics import JOURNAL, VERDICTS
from schemas.domain.reference import DEFAULT_POLICY
from tests.live_world import World, assert_whole, begin
from tests.running_stack import RunningStack
from tests.streams.people import NOON
from tests.waiting import BOUND_S, wait_until

pytestmark = pytest.mark.live

PERIOD = {"from": NOON.isoformat(), "to": (NOON + timedelta(hours=90)).isoformat()}
STRICT = {"decisions": DEFAULT_POLICY.decisions | {"no_valid_declaration": "turn_back"}}
UNDECLARED = {"not_declared", "declaration_expired"}


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningStack]:
    """A stack of its own runs: its screen starts anew, and its log loses its beginning."""
    planned = RunningStack.plan(tmp_path_factory.mktemp("replayed"))
    try:
        planned.require()
        yield planned
    finally:
        planned.down()


@pytest.fixture(scope="module")
def world(own: RunningStack) -> World:
    """Half way a draft is adopted that never comes into force.

    Verdicts before and after it rest on other versions.
    """
    world, writer = begin(own.settings, seed=701)
    writer.write_citizens(world.citizens)
    half = len(world.events) // 2
    writer.write_doors(world.events[:half])
    with DoorsClient(own.settings, "register") as doors:
        doors.put("/reference/policies/draft", STRICT | {"valid_from": "2090-01-01"})
    writer.write_doors(world.events[half:])
    own.kill("screen")
    assert_whole(own.settings, world)
    own.wait_idle()
    return world


def ask(
    stack: RunningStack, accept: str = "application/json", **parameters: str
) -> httpx2.Response:
    headers = {"Authorization": f"Bearer {token_of(stack.settings, 'analyst')}", "Accept": accept}
    return httpx2.get(
        f"{stack.settings.api}/policies/replay",
        params=PERIOD | parameters,
        headers=headers,
        timeout=BOUND_S,
    )


def answered(stack: RunningStack, **parameters: str) -> dict[str, Any]:
    def done() -> dict[str, Any] | None:
        response = ask(stack, **parameters)
        assert response.status_code in {200, 202}, response.text
        replay: dict[str, Any] = response.json()
        return replay if replay["state"] == "done" else None

    return wait_until(done, what="the replay", poll_s=0.1)


def refusal(stack: RunningStack, **parameters: str) -> httpx2.Response:
    """Returns what comes instead of a result."""

    def refused() -> httpx2.Response | None:
        response = ask(stack, **parameters)
        return None if response.status_code == 202 else response

    return wait_until(refused, what="the refusal")


def recorded_in(
    stack: RunningStack, since: datetime, until: datetime
) -> dict[str, tuple[str, list[str]]]:
    query = """
        SELECT toString(scan_id), decision, reasons FROM verdicts FINAL
        WHERE scanned_at >= {since:DateTime64(3, 'UTC')}
            AND scanned_at < {until:DateTime64(3, 'UTC')}
    """
    with connect(stack.settings, "reader", timeout_s=30) as client:
        rows = client.query(query, parameters={"since": since, "until": until}).result_rows
    return {scan_id: (decision, reasons) for scan_id, decision, reasons in rows}


def test_every_recorded_verdict_comes_out_again(own: RunningStack, world: World) -> None:
    replay = answered(own)
    recorded = recorded_in(own, NOON, NOON + timedelta(hours=90))
    assert len(recorded) > 500
    assert replay["judged"] == len(recorded)
    assert replay["recorded"] == len(recorded)
    assert replay["reproduced"] == len(recorded)
    assert replay["deviations"] == []
    assert replay["changed"] == 0
    assert replay["passed_over"] == 0
    assert replay["records"] == sum(ends(own.settings, [JOURNAL, VERDICTS]).values())
    assert replay["records"] > len(recorded)


def test_a_draft_changes_exactly_what_it_must_and_nothing_that_was_decided(
    own: RunningStack, world: World
) -> None:
    before = recorded_in(own, NOON, NOON + timedelta(hours=90))
    replay = answered(own, policy="draft")
    assert replay["reproduced"] == len(before)
    assert replay["recorded"] == len(before)
    changed = replay["scans"]
    for scan in changed:
        assert before[scan["scan_id"]] == (scan["was"]["decision"], scan["was"]["reasons"])
    assert replay["changed"] == len(changed)
    assert len(changed) > 50
    graver = {
        scan["scan_id"]
        for scan in changed
        if scan["was"]["decision"] != scan["would_be"]["decision"]
    }
    undeclared = {
        scan_id
        for scan_id, (decision, reasons) in before.items()
        if UNDECLARED & {*reasons} and decision != "turn_back"
    }
    assert graver == undeclared
    assert {scan["would_be"]["decision"] for scan in changed} == {"turn_back"}
    (checkpoint,) = [row for row in replay["posts"] if row["checkpoint_id"] == world.checkpoint_id]
    assert checkpoint["graver"] == len(graver)
    assert checkpoint["milder"] == 0
    assert checkpoint["judged"] == len(before)
    assert recorded_in(own, NOON, NOON + timedelta(hours=90)) == before
    table = ask(own, accept="text/csv", policy="draft")
    rows = list(csv.DictReader(io.StringIO(table.content.decode("utf-8-sig"))))
    assert sum(int(row["scans"]) for row in rows) == replay["changed"]


@pytest.mark.long
def test_the_command_prints_it(own: RunningStack, world: World) -> None:
    words = ["replay", "--from", PERIOD["from"], "--to", PERIOD["to"], "--policy", "draft"]
    command = [sys.executable, "-c", "from infra.tools.cli import main; main()", *words]
    environment = own.env | {"COLUMNS": "160"}
    done = subprocess.run(
        command,
        env=environment,
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        timeout=BOUND_S,
        check=True,
    )
    assert "scans would have been answered otherwise under draft" in done.stdout
    assert world.checkpoint_id in done.stdout
    assert "recorded verdicts are given again exactly" in done.stdout


@pytest.mark.long
def test_one_runs_at_a_time_a_killed_one_is_told_and_few_results_are_kept(
    own: RunningStack, world: World
) -> None:
    directory = own.settings.data_dir / "replays"
    for number in range(MAX_RESULTS + 2):
        (directory / f"old-{number}.json").write_text("{}")
        os.utime(directory / f"old-{number}.json", (0, 0))
    assert ask(own, policy="built-in").status_code == 202
    refused = ask(own, to=(NOON + timedelta(hours=1)).isoformat())
    assert refused.status_code == 429
    assert refused.headers["retry-after"] == "10"

    def process() -> Identity | None:
        return next(filter(None, map(recorded, directory.glob("*/pid"))), None)

    os.kill(wait_until(process, what="the process").pid, signal.SIGKILL)
    killed = refusal(own, policy="built-in")
    assert killed.status_code == 503
    assert "ended with -9" in killed.json()["detail"]
    assert answered(own, policy="built-in")["changed"] == 0
    wait_until(
        lambda: not [path for path in directory.iterdir() if path.is_dir()],
        what="its directories to be gone",
    )
    assert len(list(directory.glob("*.json"))) == MAX_RESULTS


@pytest.mark.long
def test_a_journal_that_lost_its_beginning_is_refused(own: RunningStack, world: World) -> None:
    """Runs last, for it takes the first records of a topic away."""
    from confluent_kafka import TopicPartition
    from confluent_kafka.admin import AdminClient

    topic = next(place for place, end in ends(own.settings, [JOURNAL]).items() if end > 1)
    admin = AdminClient({"bootstrap.servers": own.settings.kafka})
    for future in admin.delete_records([TopicPartition(*topic, 1)]).values():
        future.result()
    refused = refusal(own, to=datetime(2021, 9, 16, tzinfo=UTC).isoformat())
    assert refused.status_code == 503
    assert "The first records of the journal are gone" in refused.json()["detail"]
