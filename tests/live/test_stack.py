"""The local stack: its parts come back when they die, and what they store is still there."""

import json
import os
import signal
import socket
import subprocess
from collections.abc import Iterator

import psutil
import pytest

from infra.errors import SetupError
from infra.processes import recorded
from infra.stack.places import SUPERVISOR, Places
from tests.live.part_clients import (
    DIBIENDONG,
    clickhouse_call,
    create_topic,
    dibiendong,
    first_record,
    produce,
    registry_call,
)
from tests.running_stack import RunningStack
from tests.waiting import wait_until

pytestmark = pytest.mark.live

SUBJECT = "kept-value"
SCHEMA = json.dumps(
    {"type": "record", "name": "Kept", "fields": [{"name": "word", "type": "string"}]}
)


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningStack]:
    """Plans a stack apart from the shared one, because these tests stop and kill it."""
    planned = RunningStack.plan(
        tmp_path_factory.mktemp("data dir with 100% spaces"), session_timeout_s=6.0
    )
    try:
        yield planned
    finally:
        planned.down()


@pytest.fixture
def running(own: RunningStack) -> RunningStack:
    own.require("kafka", "registry")
    return own


def test_a_record_outlives_the_death_of_kafka(running: RunningStack) -> None:
    create_topic(running.settings, "kept")
    produce(running.settings, "kept", b"fact")
    died = running.kill("kafka")
    running.wait_ready("kafka")
    assert running.pid("kafka") != died
    assert first_record(running.settings, "kept") == b"fact"


def test_a_schema_outlives_the_death_of_the_registry_right_after_it_was_registered(
    running: RunningStack,
) -> None:
    registry_call(running.settings, "POST", f"/subjects/{SUBJECT}/versions", {"schema": SCHEMA})
    running.kill("registry")
    running.wait_ready("registry")
    assert registry_call(running.settings, "GET", "/subjects") == [SUBJECT]


def test_a_row_outlives_the_death_of_clickhouse(running: RunningStack) -> None:
    running.require("clickhouse")
    clickhouse_call(
        running.settings, "CREATE TABLE default.kept (word String) ENGINE = MergeTree ORDER BY word"
    )
    clickhouse_call(running.settings, "INSERT INTO default.kept VALUES ('fact')")
    running.kill("clickhouse")
    running.wait_ready("clickhouse")
    assert clickhouse_call(running.settings, "SELECT word FROM default.kept") == "fact"


def test_what_the_parts_hold_is_there_after_down_and_up(running: RunningStack) -> None:
    registry_call(running.settings, "POST", "/subjects/kept-again/versions", {"schema": SCHEMA})
    running.down()
    running.require("registry")
    assert "kept-again" in str(registry_call(running.settings, "GET", "/subjects"))


def test_a_second_up_leaves_running_parts_alone(running: RunningStack) -> None:
    before = {part: running.pid(part) for part in ("kafka", "registry")}
    done = dibiendong(running, "up", "--only", "kafka,registry")
    assert done.returncode == 0, done.stderr
    assert {part: running.pid(part) for part in before} == before


def test_up_with_other_settings_is_refused_while_the_stack_runs(running: RunningStack) -> None:
    done = dibiendong(running, "up", "--only", "registry", DIBIENDONG_KAFKA_HEAP_MB="300")
    assert done.returncode == 2
    assert "already runs with other settings" in done.stderr


def test_every_part_listens_on_the_loopback_address_only(running: RunningStack) -> None:
    running.require("clickhouse")
    for part in ("kafka", "registry", "clickhouse"):
        sockets = psutil.Process(running.pid(part)).net_connections("inet")
        listeners = [listener for listener in sockets if listener.status == psutil.CONN_LISTEN]
        listening = {listener.laddr[0] for listener in listeners}
        assert listening <= {"127.0.0.1", "::ffff:127.0.0.1"} and listening, part


def test_parts_end_with_a_killed_supervisor_and_up_brings_them_back(running: RunningStack) -> None:
    supervisor = recorded(Places.of(running.settings).record(SUPERVISOR))
    kafka = running.identity("kafka")
    assert supervisor is not None
    os.kill(supervisor.pid, signal.SIGKILL)
    wait_until(lambda: not kafka.alive, what="Kafka to follow its supervisor")
    running.require("kafka")
    assert running.pid("kafka") != kafka.pid


def test_up_replaces_a_part_that_lost_its_supervisor_and_hangs(running: RunningStack) -> None:
    supervisor = recorded(Places.of(running.settings).record(SUPERVISOR))
    hanging = running.identity("registry")
    assert supervisor is not None
    os.kill(hanging.pid, signal.SIGSTOP)
    os.kill(supervisor.pid, signal.SIGKILL)
    wait_until(lambda: not supervisor.alive, what="the supervisor to die")
    impatient = running.settings.model_copy(update={"stop_timeout_s": 1.0})
    RunningStack(impatient, running.env).require("registry")
    assert not hanging.alive
    running.down()


def test_status_tells_the_parts_that_are_up_from_those_that_are_not(running: RunningStack) -> None:
    done = dibiendong(running, "status", "--json")
    states = {row["name"]: row for row in json.loads(done.stdout)}
    assert states["kafka"]["state"] == "up" and states["kafka"]["memory_mb"] > 50
    assert states["kafka"]["version"] == running.settings.kafka_version
    assert states["api"]["state"] == "down" and states["api"]["pid"] is None
    assert done.returncode == 1


def test_status_is_a_table_with_every_address(running: RunningStack) -> None:
    done = dibiendong(running, "status", COLUMNS="200")
    assert running.settings.kafka in done.stdout and running.settings.registry in done.stdout


def test_logs_show_what_a_part_said(running: RunningStack) -> None:
    assert "Kafka Server started" in dibiendong(running, "logs", "kafka").stdout


@pytest.fixture
def interruptible() -> Iterator[None]:
    """Lets SIGINT through.

    Tests that a shell runs in the background ignore it, and so does what they start then.
    """
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def test_following_a_log_shows_what_comes_after(running: RunningStack, interruptible: None) -> None:
    command = [*DIBIENDONG, "logs", "-f", "-n", "1", "supervisor"]
    with subprocess.Popen(command, env=running.env, stdout=subprocess.PIPE, text=True) as following:
        assert following.stdout is not None
        assert following.stdout.readline(), (
            "the last line there is: what comes after it is not missed"
        )
        running.kill("registry")
        assert "registry" in following.stdout.readline()
        following.send_signal(signal.SIGINT)
        assert following.wait(10) == 0


def test_a_taken_port_is_named_with_its_setting_and_nothing_starts(own: RunningStack) -> None:
    own.down()
    with socket.socket() as other:
        other.bind((own.settings.host, own.settings.kafka_port))
        other.listen()
        done = dibiendong(own, "up", "--only", "kafka")
    assert done.returncode == 2 and "Traceback" not in done.stderr
    assert f"Port {own.settings.kafka_port} is taken by" in done.stderr
    assert "DIBIENDONG_KAFKA_PORT" in done.stderr


def test_two_stacks_run_side_by_side(
    running: RunningStack, tmp_path_factory: pytest.TempPathFactory
) -> None:
    second = RunningStack.plan(tmp_path_factory.mktemp("second"))
    try:
        second.require("registry")
        registry_call(second.settings, "POST", "/subjects/only-here/versions", {"schema": SCHEMA})
        assert "only-here" not in str(registry_call(running.settings, "GET", "/subjects"))
    finally:
        second.down()
    assert running.unit("registry").ready(running.settings)


def test_the_foreground_stack_stops_with_its_command(own: RunningStack) -> None:
    own.down()
    command = [*DIBIENDONG, "up", "--foreground", "--only", "registry"]
    with subprocess.Popen(
        command, env=own.env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as shell:
        own.wait_ready("registry")
        registry = own.identity("registry")
        output = shell.stdout
        assert output is not None
        wait_until(lambda: "Ready in" in output.readline(), what="the command to say it is ready")
        shell.send_signal(signal.SIGTERM)
        assert shell.wait(30) == 0
    assert not registry.alive


def test_a_part_that_cannot_start_is_reported_with_the_end_of_its_log(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    broken = RunningStack.plan(tmp_path_factory.mktemp("broken"))
    (broken.settings.data_dir / "registry").mkdir(parents=True)
    (broken.settings.data_dir / "registry" / "schemas.mv.db").write_text("not a database" * 1000)
    try:
        done = dibiendong(broken, "up", "--only", "registry")
    finally:
        broken.down()
    assert done.returncode == 1
    assert "registry" in done.stderr and "dibiendong logs registry" in done.stderr


def test_an_unknown_part_is_refused_with_the_names_there_are(own: RunningStack) -> None:
    with pytest.raises(SetupError, match="no part named kafak: the parts are kafka, registry"):
        own.require("kafak")
