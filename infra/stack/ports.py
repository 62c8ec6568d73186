"""Finds out whether the stack's ports are free, and who has one that is not."""

import socket
from collections.abc import Iterable, Iterator

import psutil

from infra.errors import SetupError
from infra.settings import Settings
from infra.stack.parts import Unit, metrics_port


def refuse_taken(settings: Settings, units: Iterable[Unit]) -> None:
    for setting, port in wanted(settings, units):
        if not free(settings.host, port):
            raise SetupError(
                f"Port {port} is taken{_holder(port)}: "
                f"stop what uses it, or set {setting} to a free port."
            )


def wanted(settings: Settings, units: Iterable[Unit]) -> Iterator[tuple[str, int]]:
    """Yields each setting of a port with the port."""
    for unit in units:
        if unit.part.kind == "stage":
            yield "DIBIENDONG_METRICS_PORT", metrics_port(settings, unit.part.name, unit.worker)
        for field in unit.part.port_settings:
            yield f"DIBIENDONG_{field.upper()}", getattr(settings, field)


def free(host: str, port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
            probe.listen(1)
        except OSError:
            return False
    return True


def _holder(port: int) -> str:
    """Returns ` by NAME (process PID)`; nothing where another user's process cannot be seen."""
    pid = _listener(port)
    if pid is None:
        return ""
    try:
        return f" by {psutil.Process(pid).name()} (process {pid})"
    except psutil.NoSuchProcess:
        return ""


def _listener(port: int) -> int | None:
    try:
        connections = psutil.net_connections("tcp")
    except psutil.AccessDenied:
        return None
    for connection in connections:
        listens = connection.status == psutil.CONN_LISTEN
        if listens and connection.laddr and connection.laddr.port == port and connection.pid:
            return connection.pid
    return None
