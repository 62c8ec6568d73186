"""Recognises a process after its starter is gone, by id and start time, and ends that very process.

A recycled id is never taken for the recorded process.
"""

import os
import signal
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

STATE, THREADS, START_TIME = 0, 17, 19
"""Each field has this index in /proc/PID/stat, after the command's closing bracket: proc(5)."""
POLL_S = 0.05


@dataclass(frozen=True, slots=True)
class Identity:
    pid: int
    started: str
    """Start of the process in clock ticks after boot, then the id of that boot."""

    @classmethod
    def of(cls, pid: int) -> "Identity | None":
        """Returns None when no such process runs."""
        try:
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            return None
        # A zombie with more threads still holds ports and files.
        if fields[STATE] == "Z" and int(fields[THREADS]) <= 1:
            return None
        boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
        return cls(pid, f"{fields[START_TIME]} {boot}")

    @property
    def alive(self) -> bool:
        return Identity.of(self.pid) == self


def record(path: Path, pid: int) -> None:
    """Writes the identity of `pid` to `path`; removes the file when no such process runs."""
    identity = Identity.of(pid)
    if identity is None:
        path.unlink(missing_ok=True)
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"{identity.pid} {identity.started}\n")


def recorded(path: Path) -> Identity | None:
    """Returns the process that `path` names, if it still runs."""
    try:
        pid, _, started = path.read_text().strip().partition(" ")
    except FileNotFoundError:
        return None
    if not pid.isdigit():
        return None
    identity = Identity(int(pid), started)
    return identity if identity.alive else None


def end(processes: Iterable[Identity], timeout_s: float) -> None:
    """Sends SIGTERM to all, waits, and kills what is left.

    The signals reach those very processes and the groups they lead, and no others. The wait is
    `timeout_s` at most, and once more as long after the kill.
    """
    remaining = list(processes)
    for identity in remaining:
        _send(identity, signal.SIGTERM)
    remaining = _wait_gone(remaining, timeout_s)
    for identity in remaining:
        _send(identity, signal.SIGKILL)
    _wait_gone(remaining, timeout_s)


def _wait_gone(processes: Iterable[Identity], timeout_s: float) -> list[Identity]:
    """Returns the processes that still run when the time is up."""
    deadline = time.monotonic() + timeout_s
    remaining = [identity for identity in processes if identity.alive]
    while remaining and time.monotonic() < deadline:
        time.sleep(POLL_S)
        remaining = [identity for identity in remaining if identity.alive]
    return remaining


def _send(identity: Identity, number: signal.Signals) -> None:
    if not identity.alive:
        return
    try:
        if os.getpgid(identity.pid) == identity.pid:
            os.killpg(identity.pid, number)
        else:
            os.kill(identity.pid, number)
    except ProcessLookupError:
        return
