"""The state directory of one worker is lost, read-only, full, or corrupt."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

from tests.chaos.guests import Guest
from tests.chaos.rig import BACK_S, Rig
from tests.waiting import wait_until

FULL_KB = 300
"""An empty database has room in it, and little more."""
NEWEST = {"log": "*.log", "table": "*.sst"}


def state_deleted(rig: Rig) -> None:
    """Deletes the state of each stage that has one, in turn.

    The worker begins with nothing and folds the log again.
    """
    stages = ("link", "identify", "screen")
    for turn in rig.load.steps(6):
        if turn % 2 == 1:
            stage = stages[turn // 2]
            with rig.stopped(stage):
                rig.forget_state(stage)


def state_read_only(rig: Rig) -> None:
    """Makes the directory of screen's only worker read-only in the middle of the load.

    It is writable again later.
    """
    _on_a_bad_disk(rig, lambda directory: ["mount --bind {0} {0}", "mount -o remount,ro,bind {0}"])


def disk_full(rig: Rig) -> None:
    """Gives screen's only worker a file system without room for its state.

    It gets room later.
    """
    _on_a_bad_disk(rig, lambda directory: [f"mount -t tmpfs -o size={FULL_KB}k none {{0}}"])


def _on_a_bad_disk(rig: Rig, mounts: Callable[[Path], list[str]]) -> None:
    worker = Guest(rig.stack, "screen", 6)
    worker.directory.mkdir(parents=True, exist_ok=True)
    with rig.stopped("screen"):
        worker.start()
        try:
            worker.wait_ready()
            for turn in rig.load.steps(3):
                if turn == 0:
                    worker.before = in_a_namespace(mounts(worker.directory), worker.directory)
                    _restart(worker)
                    wait_until(
                        lambda: worker.deaths >= 3,
                        BACK_S,
                        what="the worker to end for its bad disk",
                    )
                if turn == 1:
                    worker.before = ()
                    worker.wait_ready()
            rig.wait_drained("screen")
        finally:
            worker.end()
            shutil.rmtree(worker.directory, ignore_errors=True)


def in_a_namespace(mounts: list[str], directory: Path) -> list[str]:
    """Returns the beginning of a command whose mounts nobody else sees.

    The mounts vanish with its process.
    """
    script = " && ".join([*(mount.format(directory) for mount in mounts), 'exec "$@"'])
    return [
        "unshare",
        *([] if os.geteuid() == 0 else ["--map-root-user"]),
        "--mount",
        "sh",
        "-c",
        script,
        "sh",
    ]


def _restart(worker: Guest) -> None:
    os.kill(worker.pid, 9)


def newest_file_corrupt(kind: str, start: float = 0.5, end: float = 1.0) -> Callable[[Rig], None]:
    """Returns a schedule that kills the worker of screen and spoils its newest file.

    A part of the newest file of its database holds rubbish when it starts again.
    """

    def run(rig: Rig) -> None:
        for turn in rig.load.steps(4):
            if turn == 2:
                rig.wait_drained("screen")
                if kind == "table":
                    make_table(rig)
                with rig.killed("screen"):
                    database = rig.state_of("screen") / "rocksdb"
                    files = sorted(database.glob(NEWEST[kind]), key=_changed_at)
                    rig.demand(
                        bool(files) and files[-1].stat().st_size > 0, f"there is no {kind} to spoil"
                    )
                    spoil(files[-1], start, end)

    return run


def _changed_at(path: Path) -> float:
    return path.stat().st_mtime


def make_table(rig: Rig) -> None:
    """Starts the worker again, which makes a table of what it finds in the log."""
    with rig.killed("screen"):
        pass


def spoil(path: Path, start: float, end: float) -> None:
    """Overwrites the bytes from one share of the file's length to another."""
    size = path.stat().st_size
    with path.open("r+b") as file:
        file.seek(int(size * start))
        file.write(os.urandom(int(size * end) - int(size * start)))
