"""Speaks to a running supervisord over its socket."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xmlrpc.client import Fault, ServerProxy

from infra.errors import InfraError
from infra.stack.parts import Unit

ALREADY_STARTED = 60
"""supervisord's fault code for a process that runs."""
NOT_RUNNING = 70
"""And for one that does not."""


@dataclass(frozen=True, slots=True)
class Process:
    """What the supervisor says of one process."""

    name: str
    state: str
    pid: int
    started_at: int

    @property
    def running(self) -> bool:
        return self.pid > 0


def group(unit: Unit) -> str:
    """The pipeline stops first, and as one; then the servers that it writes to."""
    return "pipeline" if unit.part.kind == "stage" or unit.part.name == "api" else "servers"


def answers(socket: Path) -> bool:
    try:
        with remote(socket) as daemon:
            return bool(daemon.getPID())
    except OSError:
        return False


def processes(socket: Path) -> dict[str, Process]:
    with remote(socket) as daemon:
        rows = daemon.getAllProcessInfo()
    return {
        row["name"]: Process(row["name"], row["statename"].lower(), row["pid"], row["start"])
        for row in rows
    }


def start(socket: Path, unit: Unit) -> None:
    try:
        with remote(socket) as daemon:
            daemon.startProcess(f"{group(unit)}:{unit.name}", False)
    except Fault as fault:
        if fault.faultCode != ALREADY_STARTED:
            raise InfraError(f"{unit.name} could not be started: {fault.faultString}") from fault


def stop(socket: Path, unit: Unit) -> None:
    """Returns when it has ended; it is not restarted until somebody starts it."""
    try:
        with remote(socket) as daemon:
            daemon.stopProcess(f"{group(unit)}:{unit.name}", True)
    except Fault as fault:
        if fault.faultCode != NOT_RUNNING:
            raise InfraError(f"{unit.name} could not be stopped: {fault.faultString}") from fault


@contextmanager
def remote(socket: Path) -> Iterator[Any]:
    from supervisor.xmlrpc import SupervisorTransport

    transport = SupervisorTransport(None, None, f"unix://{socket}")
    with ServerProxy("http://127.0.0.1", transport=transport) as proxy:
        yield proxy.supervisor
