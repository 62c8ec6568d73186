"""The checks of `dibiendong doctor`, in the order in which it runs them.

Each check returns its findings as sentences, and none when all is well.
"""

import os
import re
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from packaging.markers import Marker

from infra.environment import PREFIX
from infra.errors import InfraError
from infra.processes import Identity
from infra.settings import CHECKOUT, Settings
from infra.stack import preflight
from infra.stack.artifacts import read_lock, sha256_of, stored
from infra.stack.condition import Condition, conditions
from infra.stack.fetch import other_hash
from infra.stack.java import java
from infra.stack.parts import units
from infra.stack.ports import refuse_taken
from infra.stack.supervisor import Supervisor

PINNED = re.compile(r"^([A-Za-z0-9_.-]+)==([^\s;\\]+)[ \t]*;?([^\\\n]*)", re.MULTILINE)
TROUBLED = ("restarting", "starting", "waiting", "held", "frozen")
"""A part that was started and is in one of these states is not up."""


@dataclass(frozen=True, slots=True)
class Check:
    name: str
    look: Callable[[Settings], list[str]]


def _machine(_settings: Settings) -> list[str]:
    return preflight.problems(str(CHECKOUT), room_mb=0)


def _packages(_settings: Settings) -> list[str]:
    lock = (CHECKOUT / "requirements.lock").read_text(encoding="utf-8")
    wrong = not_as_pinned(lock)
    if not wrong:
        return []
    names = ", ".join(wrong)
    return [f"These packages are not as requirements.lock pins them: {names}. Run 'make setup'."]


def not_as_pinned(lock: str) -> list[str]:
    """Returns the packages that are missing here, or of another version than the lock file says.

    Packages that the lock file means for another system or Python do not count.
    """
    wrong = []
    for name, pinned, condition in PINNED.findall(lock):
        marker = condition.strip()
        is_meant = not marker or Marker(marker).evaluate()
        if is_meant and _installed(name) != pinned:
            wrong.append(f"{name} {pinned}")
    return sorted(wrong)


def _installed(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def _runtime(_settings: Settings) -> list[str]:
    try:
        done = subprocess.run([java(), "-version"], capture_output=True, text=True, check=False)
    except (InfraError, OSError) as error:
        return [f"The Java runtime does not start: {error}"]
    if done.returncode != 0:
        return [f"The Java runtime does not start: {done.stderr.strip()}"]
    return []


def _files(settings: Settings) -> list[str]:
    wrong = []
    missing = []
    for artifact in read_lock():
        path = stored(artifact, settings.cache_dir)
        if not path.exists():
            missing.append(path.name)
            continue
        sha256 = sha256_of(path)
        if sha256 != artifact.sha256:
            wrong.append(f"{other_hash(artifact, sha256)} Delete {path}.")
    if missing:
        first = f"{missing[0]} the first"
        wrong.append(f"{len(missing)} files are not downloaded yet, {first}: run 'make setup'.")
    return wrong


def _names(settings: Settings) -> list[str]:
    """Finds misspelt settings, which would be ignored in silence."""
    known = {PREFIX + field.upper() for field in type(settings).model_fields}
    names = {name.upper() for name in (*os.environ, *_dotenv_names())}
    ours = {name for name in names if name.startswith(PREFIX)}
    return [
        f"There is no setting {name}: see infra/settings.py for the names."
        for name in sorted(ours - known)
    ]


def _dotenv_names() -> list[str]:
    path = CHECKOUT / ".env"
    if not path.exists():
        return []
    names = []
    for line in path.read_text().splitlines():
        is_comment = line.lstrip().startswith("#")
        if "=" in line and not is_comment:
            names.append(line.partition("=")[0].strip())
    return names


def _data_directory(settings: Settings) -> list[str]:
    place = _nearest_existing(settings.data_dir.resolve())
    if not os.access(place, os.W_OK | os.X_OK):
        return [
            f"{place} cannot be written: change its owner or rights, or set DIBIENDONG_DATA_DIR."
        ]
    free_mb = shutil.disk_usage(place).free // 1_000_000
    if free_mb < settings.disk_free_min_mb:
        return [
            f"The disk of {place} has {free_mb} MB free and the stack needs "
            f"{settings.disk_free_min_mb}: free some space."
        ]
    return []


def _nearest_existing(path: Path) -> Path:
    return next(parent for parent in (path, *path.parents) if parent.exists())


def _ports(settings: Settings) -> list[str]:
    processes = Supervisor.of(settings).processes()
    running = {name for name, process in processes.items() if process.running}
    orphans = Supervisor.of(settings).orphans()
    troubles = []
    for unit in units(settings):
        if unit.name in running:
            continue
        if unit.name in orphans:
            troubles.append(_orphan(unit.name, orphans[unit.name]))
            continue
        try:
            refuse_taken(settings, [unit])
        except InfraError as error:
            troubles.append(str(error))
    return troubles


def _orphan(name: str, part: Identity) -> str:
    return (
        f"{name} of this stack (process {part.pid}) outlives its supervisor: "
        "run 'dibiendong down', which ends it, then 'dibiendong up'."
    )


def _stack(settings: Settings) -> list[str]:
    if not Supervisor.of(settings).running:
        return []
    return [_trouble(condition) for condition in conditions(settings) if _is_troubled(condition)]


def _is_troubled(condition: Condition) -> bool:
    return condition.state in TROUBLED or bool(condition.note)


def _trouble(condition: Condition) -> str:
    said = f" ({condition.note})" if condition.note else ""
    return f"{condition.name} is {condition.state}{said}: see 'dibiendong logs {condition.name}'."


CHECKS = (
    Check("machine: Python, system, rights", _machine),
    Check("Python packages as pinned", _packages),
    Check("Java runtime starts", _runtime),
    Check("files of Kafka and the registry have the pinned hashes", _files),
    Check("settings have known names", _names),
    Check("data directory has room and can be written", _data_directory),
    Check("ports are free, or the stack's own", _ports),
    Check("parts that were started do their work", _stack),
)
