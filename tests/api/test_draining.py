"""A door that goes says so first, serves on until its proxy has noticed, and cuts nothing off."""

import asyncio
import signal
import socket
import threading
from collections.abc import Iterator
from typing import Any

import httpx2
import pytest
import uvicorn

from api.draining import Draining, DrainingServer
from tests.api.conftest import Bench
from tests.waiting import wait_until

DRAIN_S = 1.0
HEADERS = {"Authorization": "Bearer token-admin"}


class Door:
    """The doors over stand-ins, behind a real socket."""

    def __init__(self, bench: Bench, drain_s: float) -> None:
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port: int = free.getsockname()[1]
        app = Draining(bench.app)
        config = uvicorn.Config(app, port=self.port, log_config=None, timeout_graceful_shutdown=20)
        self.server = DrainingServer(config, app, drain_s)
        self.thread = threading.Thread(target=self.server.run)
        self.address = f"http://127.0.0.1:{self.port}"

    def serve(self) -> None:
        self.thread.start()
        wait_until(lambda: self.server.started, what="the door to open")

    def end(self, sent: signal.Signals = signal.SIGTERM) -> None:
        self.server.handle_exit(sent, None)

    def get(self, path: str) -> httpx2.Response:
        return httpx2.get(f"{self.address}{path}", headers=HEADERS, timeout=20)


@pytest.fixture
def door(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> Iterator[Door]:
    monkeypatch.setattr(type(bench.doors.verdicts.follower), "ready", True)
    door = Door(bench, DRAIN_S)
    door.serve()
    yield door
    door.end(signal.SIGINT)
    door.thread.join()


def test_a_door_says_that_it_goes_and_serves_until_its_time_is_up(door: Door) -> None:
    assert door.get("/readyz").json()["open"] is True
    door.end()
    leaving = door.get("/readyz")
    assert (leaving.status_code, leaving.json()["open"]) == (503, False)
    assert door.get("/reference/version").status_code == 200
    wait_until(lambda: not door.thread.is_alive(), what="the door to close")
    with pytest.raises(httpx2.ConnectError):
        door.get("/readyz")


def test_kept_connections_are_closed_with_their_next_response(door: Door) -> None:
    with httpx2.Client(base_url=door.address, headers=HEADERS) as client:
        assert "connection" not in client.get("/reference/version").headers
        door.end()
        assert client.get("/reference/version").headers["connection"] == "close"


def test_a_request_that_is_in_work_ends_with_its_answer(
    door: Door, bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    has_begun, may_end = threading.Event(), threading.Event()

    async def slow(*_: Any, **__: Any) -> bool:
        has_begun.set()
        await asyncio.to_thread(may_end.wait)
        return True

    monkeypatch.setattr(bench.doors.clickhouse, "alive", slow)
    answers: list[int] = []
    request = threading.Thread(target=lambda: answers.append(door.get("/readyz").status_code))
    request.start()
    assert has_begun.wait(20)
    door.end()
    wait_until(lambda: door.server.should_exit, what="the drain to be over")
    may_end.set()
    request.join()
    assert answers == [503]


def test_a_second_signal_ends_the_door_at_once(bench: Bench) -> None:
    patient = Door(bench, drain_s=3_600.0)
    patient.serve()
    patient.end()
    patient.end()
    patient.thread.join(30)
    assert not patient.thread.is_alive()
