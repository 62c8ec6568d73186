"""The parts of the local stack.

One table says what runs, what each part needs first, and when it counts as ready.
"""

import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from infra.chdb_server.accounts import Role, write_accounts
from infra.errors import SetupError
from infra.settings import Settings
from infra.stack import kafka, registry
from infra.stack.probe import answers, clickhouse_answers, kafka_answers, refusal_of
from streams.stages import STAGES

Kind = Literal["server", "job", "stage"]


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the stack.

    A server runs once. A job runs at each `up` and ends. A stage runs as `settings.stage_workers`
    processes.
    """

    name: str
    kind: Kind
    needs: tuple[str, ...]
    command: Callable[[Settings, int], list[str]]
    ready: Callable[[Settings, int], bool]
    """Returns whether a worker is ready, by its number, as `command` and `address` have it."""
    address: Callable[[Settings, int], str]
    port_settings: tuple[str, ...] = ()
    prepare: Callable[[Settings], None] = lambda _: None
    needs_secrets: bool = True
    """True if the environment of the process holds the passwords and keys of the settings."""


def _module(name: str) -> Callable[[Settings, int], list[str]]:
    return lambda _settings, _worker: [sys.executable, "-m", name]


def _clickhouse(settings: Settings, _worker: int) -> list[str]:
    options = {
        "--host": settings.host,
        "--port": settings.clickhouse_port,
        "--path": settings.data_dir.resolve() / "clickhouse",
        "--accounts": _clickhouse_accounts(settings),
        "--connections": settings.connections_max,
        "--head-timeout-s": settings.head_timeout_s,
        "--silence-s": settings.client_silence_s,
    }
    command = [sys.executable, "-m", "infra.chdb_server"]
    for option, value in options.items():
        command += [option, str(value)]
    return command


def _prepare_clickhouse(settings: Settings) -> None:
    passwords: dict[Role, str] = {
        "writer": settings.clickhouse_writer_password.get_secret_value(),
        "reader": settings.clickhouse_reader_password.get_secret_value(),
    }
    write_accounts(_clickhouse_accounts(settings), passwords)


def _clickhouse_accounts(settings: Settings) -> Path:
    return settings.data_dir.resolve() / "run" / "clickhouse-accounts.json"


def _stage(name: str, *needs: str) -> Part:
    def command(settings: Settings, worker: int) -> list[str]:
        port = metrics_port(settings, name, worker)
        options = ["--worker", str(worker), "--metrics-port", str(port)]
        return [sys.executable, "-m", "streams", name, *options]

    def ready(settings: Settings, worker: int) -> bool:
        return answers(settings.host, metrics_port(settings, name, worker), "/readyz")

    def address(settings: Settings, worker: int) -> str:
        return f"http://{settings.host}:{metrics_port(settings, name, worker)}"

    return Part(name, "stage", needs, command, ready, address)


def metrics_port(settings: Settings, stage: str, worker: int) -> int:
    return settings.metrics_port + STAGES.index(stage) * settings.stage_workers + worker


def _nowhere(_settings: Settings, _worker: int) -> str:
    return ""


PARTS = (
    Part(
        name="kafka",
        kind="server",
        needs_secrets=False,
        needs=(),
        command=lambda s, _: kafka.command(s),
        ready=lambda s, _: kafka_answers(s),
        address=lambda s, _: s.kafka,
        port_settings=("kafka_port", "kafka_controller_port"),
        prepare=kafka.prepare,
    ),
    Part(
        name="registry",
        kind="server",
        needs_secrets=False,
        needs=(),
        command=lambda s, _: registry.command(s),
        ready=lambda s, _: answers(s.host, s.registry_port, "/apis/ccompat/v7/subjects"),
        address=lambda s, _: s.registry,
        port_settings=("registry_port",),
        prepare=registry.prepare,
    ),
    Part(
        name="clickhouse",
        kind="server",
        needs_secrets=False,
        needs=(),
        command=_clickhouse,
        ready=lambda s, _: clickhouse_answers(s),
        address=lambda s, _: s.clickhouse,
        port_settings=("clickhouse_port",),
        prepare=_prepare_clickhouse,
    ),
    Part(
        name="topics",
        kind="job",
        needs=("kafka", "registry"),
        command=_module("infra.kafka.provision"),
        ready=lambda _s, _w: True,
        address=_nowhere,
    ),
    Part(
        name="migrations",
        kind="job",
        needs=("clickhouse",),
        command=_module("infra.clickhouse.migrate"),
        ready=lambda _s, _w: True,
        address=_nowhere,
    ),
    _stage("link", "topics"),
    _stage("identify", "topics"),
    _stage("screen", "topics"),
    _stage("project", "topics", "migrations"),
    Part(
        name="api",
        kind="server",
        needs=("topics", "migrations"),
        command=_module("api"),
        ready=lambda s, _: answers(s.host, s.api_port, "/readyz"),
        address=lambda s, _: s.api,
        port_settings=("api_port",),
    ),
)

NAMES = tuple(part.name for part in PARTS)


@dataclass(frozen=True, slots=True)
class Unit:
    """One process of a part."""

    part: Part
    worker: int

    @property
    def name(self) -> str:
        return f"{self.part.name}-{self.worker}" if self.part.kind == "stage" else self.part.name

    def ready(self, settings: Settings) -> bool:
        return self.part.ready(settings, self.worker)

    def command(self, settings: Settings) -> list[str]:
        return self.part.command(settings, self.worker)

    def address(self, settings: Settings) -> str:
        return self.part.address(settings, self.worker)

    def not_ready_because(self, settings: Settings) -> str | None:
        """Returns why a stage or the doors are not ready, as they say it; None otherwise."""
        if self.part.name == "api":
            refusal = refusal_of(settings.host, settings.api_port, "/readyz")
            return None if refusal is None else _what_is_missing(refusal)
        if self.part.kind == "stage":
            port = metrics_port(settings, self.part.name, self.worker)
            return refusal_of(settings.host, port, "/readyz")
        return None


def _what_is_missing(refusal: str) -> str:
    """Returns a sentence of the doors' readiness, which names each of its parts."""
    try:
        readiness = json.loads(refusal)
    except ValueError:
        return refusal
    missing = [name for name, is_ready in readiness.items() if is_ready is False]
    return f"it takes no posts; not ready: {', '.join(missing)}"


def units(settings: Settings, parts: Sequence[Part] = PARTS) -> list[Unit]:
    """Returns the processes of these parts, in the table's order."""
    processes = []
    for part in parts:
        workers = settings.stage_workers if part.kind == "stage" else 1
        processes += [Unit(part, worker) for worker in range(workers)]
    return processes


def selected(only: Sequence[str]) -> list[Part]:
    """Returns the named parts and whatever they need, or all parts when none is named.

    The parts stand in the table's order. Raises `SetupError` for an unknown name.
    """
    names = set(only or NAMES)
    if unknown := sorted(names - set(NAMES)):
        raise SetupError(
            f"There is no part named {', '.join(unknown)}: the parts are {', '.join(NAMES)}."
        )
    for part in reversed(PARTS):
        if part.name in names:
            names.update(part.needs)
    return [part for part in PARTS if part.name in names]


def named(settings: Settings, name: str) -> list[Unit]:
    """Returns the processes of a part (`screen`), or one of them (`screen-1`).

    Raises `SetupError` for an unknown name.
    """
    processes = [unit for unit in units(settings) if name in (unit.name, unit.part.name)]
    if not processes:
        raise SetupError(f"There is no part named {name}: the parts are {', '.join(NAMES)}.")
    return processes
