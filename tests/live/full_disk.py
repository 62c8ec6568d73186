"""Fills the disk of a whole stack and gives it room again; exits with 0 if all came back.

`test_full_disk.py` runs it in a namespace of its own, in which DATA is a small file system.
"""

import os
import sys
import time
from collections import Counter
from contextlib import suppress
from pathlib import Path

import httpx2

from infra.errors import Unavailable
from infra.stack.supervisor import Supervisor
from infra.tools.doors_client import DoorsClient, token_of
from tests.live.part_clients import dibiendong
from tests.live.test_outages import DOSE, judges
from tests.running_stack import RunningStack
from tests.waiting import wait_until

FULL_S = 25.0
PIECE = 1 << 16


def main(data: Path) -> None:
    stack = RunningStack.plan(data / "data", disk_free_min_mb=0)
    try:
        stack.require()
        with DoorsClient(stack.settings, "admin") as doors:
            wait_until(lambda: judges(doors), what="a scan to be judged")
        supervisor = Supervisor.of(stack.settings)
        statuses = harm(stack, data / "filler")
        say(f"answers while full: {dict(statuses)}")
        assert set(statuses) <= {200, 202, 503, 0}, statuses
        assert statuses[503] > 0, statuses
        assert supervisor.running, "the supervisor died"
        begun = time.monotonic()
        with DoorsClient(stack.settings, "admin") as doors:
            wait_until(lambda: judges_now(doors), what="a scan to be judged again", poll_s=0.5)
        say(f"a scan was judged {time.monotonic() - begun:.0f} s after there was room")
        for unit in supervisor.processes():
            stack.wait_ready(unit)
        stack.wait_idle()
        say(f"all was ready {time.monotonic() - begun:.0f} s after there was room")
        done = dibiendong(stack, "status")
        say(done.stdout)
        assert done.returncode == 0
    finally:
        stack.down()


def judges_now(doors: DoorsClient) -> bool:
    try:
        return judges(doors)
    except Unavailable:
        return False


def harm(stack: RunningStack, filler: Path) -> Counter[int]:
    """Takes all the room for a while, and returns the statuses of posts in that time."""
    headers = {"Authorization": f"Bearer {token_of(stack.settings, 'admin')}"}
    statuses: Counter[int] = Counter()
    csv = {**headers, "Content-Type": "text/csv"}
    table = "\n".join(["person_number", *(f"05119088{number:04d}" for number in range(9_999))] * 9)
    full_until = time.monotonic() + FULL_S
    with filler.open("wb", buffering=0) as file:
        while time.monotonic() < full_until:
            with suppress(OSError):
                while file.write(b"x" * PIECE):
                    pass
            statuses[post(stack, headers, "/vaccinations", json=DOSE)] += 1
            statuses[post(stack, csv, "/registry/removals/batch", content=table)] += 1
        say(dibiendong(stack, "doctor").stdout)
    filler.unlink()
    return statuses


def say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def post(stack: RunningStack, headers: dict[str, str], path: str, **request: object) -> int:
    try:
        with httpx2.Client(headers=headers, timeout=30) as client:
            return client.post(f"{stack.settings.api}{path}", **request).status_code  # type: ignore[arg-type] # as given
    except httpx2.HTTPError:
        return 0


if __name__ == "__main__":
    os.umask(0o077)
    main(Path(sys.argv[1]))
