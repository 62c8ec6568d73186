"""Finds out whether the stack's ports are free, who has one that is not, and which ports a second stack could take."""

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
                f"Port {port} is taken{_holder(port)}: stop what uses it, or set {setting} to a free port."
            )


def wanted(settings: Settings, units: Iterable[Unit]) -> Iterator[tuple[str, int]]:
    """Each port with the setting that changes it."""
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
    """Empty when the process belongs to somebody else and cannot be seen."""
    try:
        connections = psutil.net_connections("tcp")
    except psutil.AccessDenied:
        return ""
    for connection in connections:
        listening = (
            connection.status == psutil.CONN_LISTEN
            and connection.laddr
            and connection.laddr.port == port
        )
        if listening and connection.pid:
            try:
                return f" by {psutil.Process(connection.pid).name()} (process {connection.pid})"
            except psutil.NoSuchProcess:
                return ""
    return ""
