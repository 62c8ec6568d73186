"""Of two doors behind a proxy one goes, and no client meets a refused connection."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx2
import pytest

from infra.settings import CHECKOUT
from infra.tools.doors_client import token_of
from tests.live.test_outages import ANSWERED_WITHIN_S, DOSE
from tests.running_stack import RunningStack
from tests.waiting import wait_until

pytestmark = pytest.mark.live

CHECK_S = 0.5
"""How often a proxy asks each door whether it is ready, as proxies do."""
DRAIN_S = 4.0
"""It is longer than by default: on a busy machine a check of two doors takes its time."""
CLIENTS = 4
PAUSE_S = 0.01
"""Time between two posts of a client, which leaves the doors some of the processor."""


@contextmanager
def second_door(stack: RunningStack, data: Path) -> Iterator[tuple[str, "subprocess.Popen[bytes]"]]:
    shutil.copytree(stack.settings.data_dir / "keys", data / "keys")
    shutil.copy(stack.settings.data_dir / "tokens.json", data)
    with socket.create_server((stack.settings.host, 0)) as free:
        port = free.getsockname()[1]
    more = {
        "DIBIENDONG_API_PORT": str(port),
        "DIBIENDONG_DATA_DIR": str(data),
        "DIBIENDONG_DRAIN_S": str(DRAIN_S),
    }
    address = f"http://{stack.settings.host}:{port}"
    with (data / "door.log").open("wb") as log:
        door = subprocess.Popen(
            [sys.executable, "-m", "api"],
            env=stack.env | more,
            cwd=CHECKOUT,
            stdout=log,
            stderr=log,
        )
        try:
            wait_until(lambda: is_ready(address), what="the second door", poll_s=0.2)
            yield address, door
        finally:
            door.kill()
            door.wait()


def is_ready(address: str) -> bool:
    try:
        return httpx2.get(f"{address}/readyz", timeout=ANSWERED_WITHIN_S).is_success
    except httpx2.HTTPError:
        return False


class Proxy:
    """Sends each post to one of the doors that were ready when it asked them last."""

    def __init__(self, stack: RunningStack, *doors: str) -> None:
        self._doors = doors
        self._ready = list(doors)
        self._headers = {"Authorization": f"Bearer {token_of(stack.settings, 'admin')}"}
        self._stopping = threading.Event()
        self.answers: Counter[str] = Counter()
        self._threads = [threading.Thread(target=self._check)]
        self._threads += [threading.Thread(target=self._post, args=[n]) for n in range(CLIENTS)]

    def __enter__(self) -> "Proxy":
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopping.set()
        for thread in self._threads:
            thread.join()

    def _check(self) -> None:
        while not self._stopping.wait(CHECK_S):
            self._ready = [door for door in self._doors if is_ready(door)]

    def _post(self, turn: int) -> None:
        while not self._stopping.wait(PAUSE_S):
            turn += 1
            ready = self._ready
            door = ready[turn % len(ready)]
            try:
                answer = httpx2.post(
                    f"{door}/vaccinations",
                    json=DOSE,
                    headers=self._headers,
                    timeout=ANSWERED_WITHIN_S,
                )
                self.answers[str(answer.status_code)] += 1
            except httpx2.HTTPError as error:
                self.answers[type(error).__name__] += 1


def test_a_door_that_goes_refuses_no_connection(stack: RunningStack, tmp_path: Path) -> None:
    with second_door(stack, tmp_path) as (address, door):
        with Proxy(stack, stack.settings.api, address) as proxy:
            wait_until(lambda: sum(proxy.answers.values()) > 50, what="some posts")
            os.kill(door.pid, signal.SIGTERM)
            wait_until(lambda: door.poll() is not None, what="the door to go")
            after = sum(proxy.answers.values())
            wait_until(lambda: sum(proxy.answers.values()) > after + 20, what="further posts")
        assert set(proxy.answers) == {"202"}, proxy.answers
