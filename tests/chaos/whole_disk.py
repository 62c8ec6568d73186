"""Fills the disk of a whole stack, and gives it room again.

The stack has a small file system for itself, which only the harness and its children see.
"""

import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from io import FileIO
from pathlib import Path

import httpx2

from infra.processes import recorded
from infra.stack.condition import conditions
from infra.stack.places import SUPERVISOR, Places
from infra.tools.doors_client import token_of
from tests.chaos.disks import in_a_namespace
from tests.chaos.rig import BACK_S, Rig
from tests.waiting import wait_until

SIZE = "600m"
"""The stack starts in it, and has some room left."""
FULL_S = 25.0
PIECE = 1 << 16
OWN_MOUNTS = "CHAOS_OWN_MOUNTS"
ANSWERS = {200, 202, 503, 0}
"""Statuses of posts while the disk is full; 0 stands for none."""
TABLE = "\n".join(["person_number", *(f"05219088{number:04d}" for number in range(9_999))] * 9)
"""It is so large that a door keeps it on its disk. No world has these people."""


def may_mount() -> bool:
    return not subprocess.run([*in_a_namespace([], Path()), "true"], check=False).returncode


def go_on_with_own_mounts(words: Sequence[str]) -> None:
    """Begins the harness again in a namespace of its own, once; its mounts vanish with it."""
    if OWN_MOUNTS in os.environ:
        return
    command = [*in_a_namespace([], Path()), sys.executable, "-m", "tests.chaos", *words]
    os.execvpe(command[0], command, os.environ | {OWN_MOUNTS: "yes"})


@contextmanager
def small_disk(directory: Path, size: str) -> Iterator[None]:
    """Mounts a file system of this size on the directory; without a size, nothing."""
    if not size:
        yield
        return
    mount = ["mount", "-t", "tmpfs", "-o", f"size={size}", "none", str(directory)]
    subprocess.run(mount, check=True)
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", str(directory)], check=True)


def disk_full_and_freed(rig: Rig) -> None:
    """Takes all the room while a half of the load is on its way; all must come back by itself."""
    settings = rig.stack.settings
    supervisor = recorded(Places.of(settings).record(SUPERVISOR))
    assert supervisor is not None
    rig.load.put(rig.world.events[::2], rig.world.citizens[::2])
    statuses = _statuses_while_full(rig, settings.data_dir / "filler")
    rig.demand(supervisor.alive, "a full disk ended the supervisor")
    rig.demand(set(statuses) <= ANSWERS, f"posts were answered {dict(statuses)}")
    rig.load.settle()
    wait_until(lambda: _all_up(rig), BACK_S, what="every part to be up", poll_s=0.5)


def _statuses_while_full(rig: Rig, filler: Path) -> Counter[int]:
    """Takes all the room until a door has refused a post for it, and for a while at least.

    Returns the statuses of posts in that time. Clients that repeat theirs wait for room.
    """
    statuses: Counter[int] = Counter()
    begun = time.monotonic()
    with filler.open("wb", buffering=0) as file:
        _fill(file)
        rig.load.post([*rig.world.events[1::2], *rig.world.citizens[1::2]])
        while not statuses[503] or time.monotonic() - begun < FULL_S:
            _fill(file)
            statuses[_post_table(rig)] += 1
            rig.demand(time.monotonic() - begun < BACK_S, f"posts were answered {dict(statuses)}")
    filler.unlink()
    return statuses


def _fill(file: FileIO) -> None:
    with suppress(OSError):
        while file.write(b"x" * PIECE):
            pass


def _post_table(rig: Rig) -> int:
    settings = rig.stack.settings
    headers = {
        "Authorization": f"Bearer {token_of(settings, 'admin')}",
        "Content-Type": "text/csv",
    }
    try:
        with httpx2.Client(base_url=settings.api, headers=headers, timeout=30) as client:
            return client.post("/registry/removals/batch", content=TABLE).status_code
    except httpx2.HTTPError:
        return 0


def _all_up(rig: Rig) -> bool:
    return all(condition.state == "up" for condition in conditions(rig.stack.settings))
