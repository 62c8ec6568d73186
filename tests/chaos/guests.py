"""The harness runs these workers of a stage beside the supervised ones.

So one process can have surroundings of its own.
"""

import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import httpx2

from infra.settings import CHECKOUT
from tests.running_stack import RunningStack
from tests.waiting import wait_until

READY_S = 240.0
INSIDE = CHECKOUT / "tests" / "chaos" / "inside"
"""This directory comes first in a process's path: its `sitecustomize` changes a stage within."""


class Guest:
    """One worker is started again when it ends by itself, as a supervisor would.

    It is started through the command `before`, if there is one.
    """

    def __init__(
        self, stack: RunningStack, stage: str, number: int, env: Mapping[str, str] | None = None
    ) -> None:
        self._stack, self.stage, self.number = stack, stage, number
        self.env: dict[str, str] = dict(env or {})
        self.before: Sequence[str] = ()
        with socket.create_server(("127.0.0.1", 0)) as free:
            self._port: int = free.getsockname()[1]
        self.log = stack.settings.data_dir / "logs" / f"guest-{stage}-{number}.log"
        self.deaths = 0
        self._ending = threading.Event()
        self._process: subprocess.Popen[bytes] | None = None
        self._keeper = threading.Thread(target=self._keep, name=f"guest {stage}", daemon=True)

    @property
    def directory(self) -> Path:
        data = Path(self.env.get("DIBIENDONG_DATA_DIR", self._stack.settings.data_dir))
        return data / "state" / self.stage / str(self.number)

    def start(self) -> None:
        self._keeper.start()

    def end(self) -> None:
        self._ending.set()
        self.send(signal.SIGTERM)
        self._keeper.join(timeout=20)
        self.send(signal.SIGKILL)
        self._keeper.join()

    def send(self, number: signal.Signals) -> None:
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(number)

    @property
    def pid(self) -> int:
        return wait_until(lambda: self._process, what=f"guest {self.stage} to run").pid

    @property
    def is_stopped(self) -> bool:
        return Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()[0] == "T"

    @property
    def is_ready(self) -> bool:
        try:
            return httpx2.get(f"http://127.0.0.1:{self._port}/readyz", timeout=2).is_success
        except httpx2.HTTPError:
            return False

    def wait_ready(self) -> None:
        wait_until(
            lambda: self.is_ready,
            READY_S,
            what=f"guest {self.stage} to be ready: {self.log}",
            poll_s=0.2,
        )

    def _keep(self) -> None:
        """Keeps the process alive; it is tied to this thread, which lives as long as the guest."""
        while not self._ending.is_set():
            with self.log.open("ab") as log:
                process = subprocess.Popen(
                    self._command,
                    env=self._stack.env | self.env,
                    cwd=CHECKOUT,
                    stdout=log,
                    stderr=log,
                )
            self._process = process
            process.wait()
            self.deaths += 1
            self._ending.wait(0.5)

    @property
    def _command(self) -> list[str]:
        record = self._stack.settings.data_dir / "run" / f"guest-{self.stage}-{self.number}.pid"
        launch = [sys.executable, "-m", "infra.stack.launch", "--tied", str(record)]
        stage = [
            sys.executable,
            "-m",
            "streams",
            self.stage,
            "--worker",
            str(self.number),
            "--metrics-port",
            str(self._port),
        ]
        return [*self.before, *launch, *stage]


@contextmanager
def guest(stack: RunningStack, stage: str, number: int, **env: str) -> Iterator[Guest]:
    """Yields a guest that is ready, and ends it on exit."""
    newcomer = Guest(stack, stage, number, env)
    newcomer.start()
    try:
        newcomer.wait_ready()
        yield newcomer
    finally:
        newcomer.end()


def changed(*changes: str, **more: str) -> dict[str, str]:
    """Returns the environment of a process that is changed from within.

    What changes every worker is kept: see `inside/sitecustomize.py`.
    """
    path = os.pathsep.join((str(INSIDE), str(CHECKOUT)))
    return {
        "PYTHONPATH": path,
        "CHAOS_CHANGES": " ".join((*os.environ.get("CHAOS_CHANGES", "").split(), *changes)),
        **more,
    }
