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
"""supervisord reports this fault when a process that runs is started."""
NOT_RUNNING = 70
"""supervisord reports this fault when a process that does not run is stopped."""


@dataclass(frozen=True, slots=True)
class Process:
    """The supervisor's view of one process."""

    name: str
    state: str
    pid: int
    started_at: int

    @property
    def running(self) -> bool:
        return self.pid > 0


def group(unit: Unit) -> str:
    """Returns the unit's group: the pipeline stops first, then the servers that it writes to."""
    is_pipeline = unit.part.kind == "stage" or unit.part.name == "api"
    return "pipeline" if is_pipeline else "servers"


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
    """Starts the process, without waiting until it is ready; leaves one that runs as it is."""
    try:
        with remote(socket) as daemon:
            daemon.startProcess(f"{group(unit)}:{unit.name}", False)
    except Fault as fault:
        if fault.faultCode != ALREADY_STARTED:
            raise InfraError(f"{unit.name} could not be started: {fault.faultString}") from fault


def stop(socket: Path, unit: Unit) -> None:
    """Returns when the process has ended. It stays down until it is started again."""
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
