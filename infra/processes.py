"""Knows a process again after its starter is gone, by id and start time: a recycled id is never taken for it."""

import os
import signal
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

STATE, THREADS, START_TIME = 0, 17, 19
"""Index of each field in /proc/PID/stat after the command's closing bracket, see proc(5)."""
POLL_S = 0.05


@dataclass(frozen=True, slots=True)
class Identity:
    pid: int
    started: str
    """Clock ticks after boot, then the id of that boot."""

    @classmethod
    def of(cls, pid: int) -> "Identity | None":
        """None when no such process runs."""
        try:
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            return None
        if (
            fields[STATE] == "Z" and int(fields[THREADS]) <= 1
        ):  # with more threads, some still hold ports and files
            return None
        boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
        return cls(pid, f"{fields[START_TIME]} {boot}")

    @property
    def alive(self) -> bool:
        return Identity.of(self.pid) == self


def record(path: Path, pid: int) -> None:
    identity = Identity.of(pid)
    if identity is None:
        path.unlink(missing_ok=True)
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"{identity.pid} {identity.started}\n")


def recorded(path: Path) -> Identity | None:
    """The process that `path` names, if it still runs."""
    try:
        pid, _, started = path.read_text().strip().partition(" ")
    except FileNotFoundError:
        return None
    if not pid.isdigit():
        return None
    identity = Identity(int(pid), started)
    return identity if identity.alive else None


def end(processes: Iterable[Identity], timeout_s: float) -> None:
    """Asks all to stop, waits, and kills what is left: those very processes and the groups they lead, no others."""
    remaining = list(processes)
    for identity in remaining:
        _send(identity, signal.SIGTERM)
    remaining = _wait_gone(remaining, timeout_s)
    for identity in remaining:
        _send(identity, signal.SIGKILL)
    _wait_gone(remaining, timeout_s)


def _wait_gone(processes: Iterable[Identity], timeout_s: float) -> list[Identity]:
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
