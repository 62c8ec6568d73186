"""What each part of the stack is doing right now: up or down, its process, memory, version, address and lag."""

from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from typing import Literal

import psutil

from infra.settings import Settings
from infra.stack.control import Process
from infra.stack.lag import lags
from infra.stack.parts import Unit, units
from infra.stack.probe import body_of
from infra.stack.supervisor import Supervisor

State = Literal["up", "starting", "held", "restarting", "down"]


@dataclass(frozen=True, slots=True)
class Condition:
    name: str
    state: State
    pid: int | None
    started_at: int | None
    """Seconds since 1970."""
    memory_mb: int | None
    version: str
    address: str
    lag: int | None
    """Records that wait for a stage; None for a part that reads no topic."""
    note: str
    """Why dead letters hold it, and the way out; else empty."""


def conditions(settings: Settings) -> list[Condition]:
    processes = Supervisor.of(settings).processes()
    supervised = [unit for unit in units(settings) if unit.part.kind != "job"]
    states = {unit.name: _state_of(settings, unit, processes.get(unit.name)) for unit in supervised}
    waiting = lags(settings) if states["kafka"] == "up" else {}
    return [
        Condition(
            name=unit.name,
            state=states[unit.name],
            pid=process.pid if (process := processes.get(unit.name)) and process.running else None,
            started_at=process.started_at if process and process.running else None,
            memory_mb=_memory_mb(process.pid) if process and process.running else None,
            version=_version_of(settings, unit),
            address=unit.address(settings),
            lag=waiting.get(unit.part.name) if unit.part.kind == "stage" else None,
            note=_held_for(settings, unit) if states[unit.name] == "held" else "",
        )
        for unit in supervised
    ]


def _state_of(settings: Settings, unit: Unit, process: Process | None) -> State:
    if process is None:
        return "down"
    if _held_for(settings, unit):
        return "held"
    if process.running:
        return "up" if unit.ready(settings) else "starting"
    return "restarting" if process.state == "backoff" else "down"


def _held_for(settings: Settings, unit: Unit) -> str:
    """What a stage that dead letters hold has left to be read: the reason and the way out. Empty for any other."""
    if unit.part.kind != "stage":
        return ""
    try:
        return (
            (settings.data_dir / "state" / unit.part.name / str(unit.worker) / "held")
            .read_text(encoding="utf-8")
            .strip()
        )
    except FileNotFoundError:
        return ""


def _memory_mb(pid: int) -> int | None:
    try:
        own = psutil.Process(pid)
        return (
            sum(part.memory_info().rss for part in (own, *own.children(recursive=True)))
            // 1_000_000
        )
    except psutil.NoSuchProcess:
        return None


def _version_of(settings: Settings, unit: Unit) -> str:
    match unit.part.name:
        case "kafka":
            return settings.kafka_version
        case "registry":
            return settings.registry_version
        case "clickhouse":
            return _clickhouse_version(settings)
        case _:
            return _installed("dibiendong")


def _clickhouse_version(settings: Settings) -> str:
    account = {
        "X-ClickHouse-User": "reader",
        "X-ClickHouse-Key": settings.clickhouse_reader_password.get_secret_value(),
    }
    body = body_of(settings.host, settings.clickhouse_port, "/?query=SELECT%20version()", account)
    return body.decode().strip() if body else f"chdb {_installed('chdb')}"


def _installed(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return ""
