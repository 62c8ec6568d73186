"""Looks at each part of the stack: up or down, its process, memory, version, address and lag.

A part is up when it does its work, not when its socket accepts: see `infra/stack/probe.py`.
"""

import time
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from typing import Literal

import psutil

from infra.settings import Settings
from infra.stack.control import Process
from infra.stack.lag import lags
from infra.stack.parts import Unit, units
from infra.stack.probe import clickhouse_lacks_tables, clickhouse_version
from infra.stack.stage_metrics import worker_replay_left
from infra.stack.supervisor import Supervisor

State = Literal["up", "starting", "waiting", "held", "frozen", "restarting", "down"]
QUESTIONS = {
    "kafka": "a request for metadata",
    "registry": "a request for its schemas",
    "clickhouse": "a query",
}
"""What a server is asked for. Any other part is asked whether it is ready."""


@dataclass(frozen=True, slots=True)
class Condition:
    name: str
    state: State
    pid: int | None
    started_at: int | None
    """Start of the process, in seconds since 1970."""
    memory_mb: int | None
    version: str
    address: str
    lag: int | None
    """Number of records that wait for a stage; None for a part that reads no topic.

    It is negative if the stage stands beyond the end of a log: then records are missing there.
    """
    note: str
    """Why the part does not do its work, or only a part of it, and the way out; empty otherwise."""


def conditions(settings: Settings) -> list[Condition]:
    processes = Supervisor.of(settings).processes()
    supervised = [unit for unit in units(settings) if unit.part.kind != "job"]
    states = {unit.name: _state_of(settings, unit, processes.get(unit.name)) for unit in supervised}
    waiting = lags(settings) if states["kafka"] == "up" else {}
    return [
        _condition(settings, unit, states[unit.name], processes.get(unit.name), waiting)
        for unit in supervised
    ]


def _condition(
    settings: Settings,
    unit: Unit,
    state: State,
    process: Process | None,
    waiting: dict[str, int],
) -> Condition:
    running = process if process and process.running else None
    lag = waiting.get(unit.part.name) if unit.part.kind == "stage" else None
    note = _note(settings, unit, state, lag)
    return Condition(
        name=unit.name,
        state=state,
        pid=running.pid if running else None,
        started_at=running.started_at if running else None,
        memory_mb=_memory_mb(running.pid) if running else None,
        version=_version_of(settings, unit, state),
        address=unit.address(settings),
        lag=lag,
        note=note,
    )


def _state_of(settings: Settings, unit: Unit, process: Process | None) -> State:
    if process is None:
        return "down"
    if _reason_to_hold(settings, unit):
        return "held"
    if not process.running:
        return "restarting" if process.state == "backoff" else "down"
    if unit.ready(settings):
        return "up"
    if unit.not_ready_because(settings):
        return "waiting"
    return "frozen" if _should_have_answered(settings, process) else "starting"


def _should_have_answered(settings: Settings, process: Process) -> bool:
    """Returns whether a process that does not answer has stopped, or had all its time to start."""
    if time.time() - process.started_at > settings.start_timeout_s:
        return True
    try:
        return psutil.Process(process.pid).status() == psutil.STATUS_STOPPED
    except psutil.NoSuchProcess:
        return False


def _note(settings: Settings, unit: Unit, state: State, lag: int | None) -> str:
    match state:
        case "held":
            return _reason_to_hold(settings, unit)
        case "waiting":
            return unit.not_ready_because(settings) or ""
        case "frozen":
            question = QUESTIONS.get(unit.part.name, "whether it is ready")
            return f"its process runs and does not answer {question}"
    if lag is not None and lag < 0:
        return f"its group stands {-lag} records beyond the end of a topic (docs/operations.md)"
    return _what_is_incomplete(settings, unit) if state == "up" else ""


def _what_is_incomplete(settings: Settings, unit: Unit) -> str:
    """Returns what a stage says it has lost and is making again; lag knows nothing of it."""
    if unit.part.kind != "stage":
        return ""
    if unit.part.name == "project" and clickhouse_lacks_tables(settings):
        return "its tables are gone: 'dibiendong up' makes them, and it fills them from the log"
    left = worker_replay_left(settings, unit.part.name, unit.worker)
    if not left:
        return ""
    lost = "fills its tables again" if unit.part.name == "project" else "folds its state again"
    return f"it {lost}: {left:,} records left; what is read is incomplete until then"


def _reason_to_hold(settings: Settings, unit: Unit) -> str:
    """Returns the reason and the way out that a held stage has written down; else nothing."""
    if unit.part.kind != "stage":
        return ""
    state = settings.data_dir / "state" / unit.part.name / str(unit.worker)
    try:
        return (state / "held").read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        return ""


def _memory_mb(pid: int) -> int | None:
    """Returns the resident memory of the process and all its children."""
    try:
        process = psutil.Process(pid)
        family = (process, *process.children(recursive=True))
        return sum(member.memory_info().rss for member in family) // 1_000_000
    except psutil.NoSuchProcess:
        return None


def _version_of(settings: Settings, unit: Unit, state: State) -> str:
    match unit.part.name:
        case "kafka":
            return settings.kafka_version
        case "registry":
            return settings.registry_version
        case "clickhouse":
            return (clickhouse_version(settings) if state == "up" else None) or ""
        case _:
            return _installed("dibiendong")


def _installed(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return ""
