"""Workers come and go under load: partitions move, and nothing is lost or doubled."""

import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import httpx2
import pytest

from infra.settings import CHECKOUT
from tests.live_world import assert_whole, begin
from tests.running_stack import RunningStack
from tests.waiting import BOUND_S, wait_until

pytestmark = pytest.mark.live

CHUNKS = 10


@contextmanager
def extra_worker(
    path: RunningStack, stage: str, number: int, end: signal.Signals
) -> Iterator[None]:
    """Runs one more process of a stage, ready on entry and ended by its id with this signal."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [
        sys.executable,
        "-m",
        "streams",
        stage,
        "--worker",
        str(number),
        "--metrics-port",
        str(port),
    ]
    with subprocess.Popen(
        command, env=path.env, cwd=CHECKOUT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        try:
            wait_until(lambda: ready(port), what=f"{stage} worker {number} to be ready", poll_s=0.2)
            yield
        finally:
            process.send_signal(end)
            process.wait(timeout=BOUND_S)


def ready(port: int) -> bool:
    try:
        return httpx2.get(f"http://127.0.0.1:{port}/readyz", timeout=10).is_success
    except httpx2.HTTPError:
        return False


@pytest.mark.long
def test_workers_that_join_and_leave_under_load_lose_nothing_and_double_nothing(
    path: RunningStack,
) -> None:
    world, writer = begin(path.settings, seed=523)
    parts = [(world.events[turn::CHUNKS], world.citizens[turn::CHUNKS]) for turn in range(CHUNKS)]

    def write(turns: range) -> None:
        for turn in turns:
            writer.write_doors(parts[turn][0])
            writer.write_citizens(parts[turn][1])

    write(range(2))
    with (
        extra_worker(path, "screen", 7, signal.SIGTERM),
        extra_worker(path, "identify", 7, signal.SIGKILL),
    ):
        write(range(2, 5))
        with extra_worker(path, "project", 7, signal.SIGTERM):
            write(range(5, 7))
    write(range(7, CHUNKS))
    assert_whole(path.settings, world)
