"""A part is up when it does its work: what only has an open socket, or has lost data, says so."""

import os
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from infra.processes import Identity, record
from infra.settings import Settings
from infra.stack import checks
from infra.stack.condition import Condition, conditions
from infra.stack.control import Process
from infra.stack.free_ports import free_ports_for
from infra.stack.parts import metrics_port
from infra.stack.places import Places
from infra.stack.supervisor import Supervisor
from tests.plain_settings import plain_settings


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return plain_settings(**free_ports_for(), data_dir=tmp_path)


@pytest.fixture
def running(monkeypatch: pytest.MonkeyPatch) -> dict[str, Process]:
    """Yields the processes that the supervisor says are running; a test adds its own."""
    processes: dict[str, Process] = {}
    monkeypatch.setattr(Supervisor, "processes", lambda self: processes)
    monkeypatch.setattr(Supervisor, "running", True)
    return processes


def process(name: str, seconds_ago: float = 0.0) -> Process:
    started_at = int(time.time() - seconds_ago)
    return Process(name, "running", os.getpid(), started_at)


@contextmanager
def serving(settings: Settings, port: int, answers: dict[str, tuple[int, str]]) -> Iterator[None]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, body = answers.get(self.path, (404, ""))
            self.send_response(status)
            self.send_header("Content-Length", str(len(body.encode())))
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, *_: object) -> None:
            """Writes nothing."""

    with ThreadingHTTPServer((settings.host, port), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield
        server.shutdown()
        thread.join()


@contextmanager
def silent(settings: Settings, port: int) -> Iterator[None]:
    """Accepts connections and says nothing, as the kernel does for a frozen process."""
    with socket.create_server((settings.host, port)):
        yield


def looked_at(settings: Settings, name: str) -> Condition:
    return next(found for found in conditions(settings) if found.name == name)


def test_a_broker_that_only_accepts_connections_is_not_up(
    settings: Settings, running: dict[str, Process]
) -> None:
    running["kafka"] = process("kafka")
    with silent(settings, settings.kafka_port):
        assert looked_at(settings, "kafka").state == "starting"
        running["kafka"] = process("kafka", settings.start_timeout_s + 10)
        frozen = looked_at(settings, "kafka")
    assert (frozen.state, frozen.lag) == ("frozen", None)
    assert frozen.note == "its process runs and does not answer a request for metadata"


def test_a_clickhouse_that_answers_pings_and_no_queries_is_not_up(
    settings: Settings, running: dict[str, Process]
) -> None:
    running["clickhouse"] = process("clickhouse", settings.start_timeout_s + 10)
    with serving(settings, settings.clickhouse_port, {"/ping": (200, "Ok.\n")}):
        found = looked_at(settings, "clickhouse")
    assert (found.state, found.version) == ("frozen", "")


def test_a_stage_that_fills_its_tables_again_says_how_much_is_left(
    settings: Settings, running: dict[str, Process]
) -> None:
    running["project-0"] = process("project-0")
    port = settings.metrics_port + 3
    metrics = 'dibiendong_stage_replay_left{stage="project"} 38472.0\n'
    answers = {"/readyz": (200, "ready\n"), "/metrics": (200, metrics)}
    with serving(settings, port, answers):
        found = looked_at(settings, "project-0")
        assert any("38,472" in trouble for trouble in checks._stack(settings))
    assert found.state == "up"
    assert found.note.startswith("it fills its tables again: 38,472 records left")


def test_doors_that_take_no_posts_name_what_is_missing(
    settings: Settings, running: dict[str, Process]
) -> None:
    running["api"] = process("api")
    readiness = '{"broker":false,"reference":true,"clickhouse":false}'
    with serving(settings, settings.api_port, {"/readyz": (503, readiness)}):
        found = looked_at(settings, "api")
    assert found.state == "waiting"
    assert found.note == "it takes no posts; not ready: broker, clickhouse"


def test_the_doctor_repeats_what_a_part_says(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, running: dict[str, Process]
) -> None:
    def found(*_: Any) -> list[Condition]:
        well = Condition("kafka", "up", 1, 1, 1, "", "", None, "")
        frozen = Condition("clickhouse", "frozen", 1, 1, 1, "", "", None, "it does not answer")
        return [well, frozen]

    monkeypatch.setattr(checks, "conditions", found)
    assert checks._stack(settings) == [
        "clickhouse is frozen (it does not answer): see 'dibiendong logs clickhouse'."
    ]


def test_the_doctor_knows_a_part_that_outlived_its_supervisor(settings: Settings) -> None:
    places = Places.of(settings)
    places.create()
    orphan = Identity.of(os.getpid())
    assert orphan is not None
    record(places.record("link-0"), orphan.pid)
    with silent(settings, settings.metrics_port):
        assert checks._ports(settings) == [
            f"link-0 of this stack (process {orphan.pid}) outlives its supervisor: "
            "run 'dibiendong down', which ends it, then 'dibiendong up'."
        ]
    assert Supervisor.of(settings).orphans() == {"link-0": orphan}


def test_the_doctor_still_names_a_stranger_on_a_port(settings: Settings) -> None:
    with silent(settings, settings.metrics_port):
        (trouble,) = checks._ports(settings)
    assert f"Port {settings.metrics_port} is taken" in trouble


def test_tables_that_are_gone_are_named_with_the_way_out(
    settings: Settings, running: dict[str, Process]
) -> None:
    """The server answers, and the stage waits for records."""
    running["project-0"] = process("project-0")
    query = f"/?database={settings.clickhouse_database}&query=SELECT%20count()%20FROM%20positions"
    port, ready = metrics_port(settings, "project", 0), {"/readyz": (200, "ready")}
    for answer, is_named in (
        ((404, "Code: 81. DB::Exception: Database dibiendong does not exist."), True),
        ((404, "Code: 60. DB::Exception: Unknown table expression"), True),
        ((200, "7"), False),
        ((500, "Code: 202. DB::Exception: Too many simultaneous queries."), False),
    ):
        with (
            serving(settings, port, ready),
            serving(settings, settings.clickhouse_port, {query: answer}),
        ):
            note = looked_at(settings, "project-0").note
            assert ("its tables are gone: 'dibiendong up'" in note) is is_named
