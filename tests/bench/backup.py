"""Backs up a stack of a million door events, restores it elsewhere, and verifies what came of it.

The commands run as an operator runs them, each in a process of its own. So its most memory is
known. Both stacks run with one worker of each stage.
"""

import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory

from infra.settings import CHECKOUT, Settings
from infra.stack.lag import lags
from infra.tools.rebuild.models import READ_MODELS
from schemas.contract.events import DoorEvent
from schemas.domain.documents import Document, DocumentKind
from tests.bench.figures import Figure
from tests.bench.memory import most_memory_mb
from tests.bench.scale import scaled
from tests.bench.stages import SCANS_EACH, write_events, write_reference, write_register
from tests.running_stack import RunningStack
from tests.streams.people import NOON, declaration, scan
from tests.waiting import wait_until

PEOPLE = scaled(250_000)
EVENTS = PEOPLE * (1 + SCANS_EACH)
AT_A_TIME = 50_000
CALL = "from infra.tools.cli import main; main()"
SERVERS = ("kafka", "registry", "clickhouse")
CAUGHT_UP_S = 3_600.0
LOOK_S = 0.1
"""The kernel's high-water mark is read so often, and is gone with the process."""
CALM = 3
"""One look is not enough: what one stage writes waits for the next."""


@dataclass(frozen=True, slots=True)
class Done:
    """A command that has ended well."""

    took_s: float
    most_memory_mb: float


def backup(_settings: Settings) -> list[Figure]:
    """Measures each step of the drill, from a running stack to one that is known to be equal."""
    with TemporaryDirectory(prefix="bench") as name:
        directory = Path(name)
        copied = directory / "backup"
        first, second = _planned(directory / "first"), _planned(directory / "second")
        try:
            first.require()
            _live(first.settings)
            made = _dibiendong(first, "backup", str(copied))
            first.down()
            second.require(*SERVERS)
            restored = _dibiendong(second, "restore", str(copied))
            filled_s = _filled(second)
            verified = _dibiendong(second, "verify")
        finally:
            first.down()
            second.down()
        circumstances = _circumstances(copied, second.settings)
    return [
        *_figures("backup: copying a running stack", made, circumstances),
        *_figures("backup: restoring it, until stages may start", restored, circumstances),
        _seconds("backup: starting it, until its tables are whole", filled_s, circumstances),
        *_figures("backup: verifying it", verified, circumstances),
    ]


def _planned(directory: Path) -> RunningStack:
    # A busy machine is no fault of the commands: the bounds are wide.
    return RunningStack.plan(directory, request_timeout_s=60.0, start_timeout_s=300.0)


def _live(settings: Settings) -> None:
    """Returns when everything that was written is in the tables."""
    write_reference(settings)
    write_register(settings, PEOPLE)
    _wait_until_caught_up(settings)
    events = _events()
    for _ in range(0, EVENTS, AT_A_TIME):
        write_events(settings, islice(events, AT_A_TIME))
    _wait_until_caught_up(settings)


def _events() -> Iterator[DoorEvent]:
    for person in _people():
        yield declaration(f"bench {person.number}", person)
    for turn in range(SCANS_EACH):
        at = NOON + timedelta(minutes=turn + 1)
        for person in _people():
            yield scan(f"bench {person.number} {turn}", person, at)


def _people() -> Iterator[Document]:
    for number in range(PEOPLE):
        yield Document(DocumentKind.CCCD, f"051190{number:06d}")


def _filled(stack: RunningStack) -> float:
    """Returns the seconds from the start of the stages until nothing waits for them."""
    begun = time.monotonic()
    stack.require()
    _wait_until_caught_up(stack.settings)
    return time.monotonic() - begun


def _wait_until_caught_up(settings: Settings) -> None:
    calm = 0

    def caught_up() -> bool:
        nonlocal calm
        waiting = lags(settings)
        calm = calm + 1 if waiting and not any(waiting.values()) else 0
        return calm == CALM

    wait_until(caught_up, CAUGHT_UP_S, what="the stages to catch up", poll_s=1)


def _dibiendong(stack: RunningStack, *words: str) -> Done:
    begun = time.monotonic()
    command = subprocess.Popen([sys.executable, "-c", CALL, *words], env=stack.env, cwd=CHECKOUT)
    most_mb = 0.0
    while command.poll() is None:
        with suppress(OSError, AssertionError):  # it may end between the two
            most_mb = max(most_mb, most_memory_mb(command.pid))
        time.sleep(LOOK_S)
    assert command.returncode == 0, f"{words} ended with {command.returncode}"
    return Done(time.monotonic() - begun, most_mb)


def _circumstances(copied: Path, settings: Settings) -> Mapping[str, object]:
    files = [path for path in copied.rglob("*") if path.is_file()]
    return {
        "door_events": EVENTS,
        "people": PEOPLE,
        "tables": len(READ_MODELS),
        "partitions": settings.partitions,
        "workers": 1,
        "backup_mb": round(sum(path.stat().st_size for path in files) / 1e6, 1),
    }


def _figures(name: str, done: Done, circumstances: Mapping[str, object]) -> list[Figure]:
    memory = Figure(f"{name}, memory", done.most_memory_mb, "MB", None, False, circumstances)
    return [_seconds(name, done.took_s, circumstances), memory]


def _seconds(name: str, took_s: float, circumstances: Mapping[str, object]) -> Figure:
    return Figure(name, took_s, "s", None, False, circumstances)
