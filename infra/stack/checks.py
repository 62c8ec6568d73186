"""What `dibiendong doctor` looks at, in this order; each check gives its findings as sentences, and none when all is well."""

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
from infra.settings import CHECKOUT, Settings
from infra.stack import preflight
from infra.stack.artifacts import read_lock, sha256_of, stored
from infra.stack.condition import conditions
from infra.stack.fetch import other_hash
from infra.stack.java import java
from infra.stack.parts import units
from infra.stack.ports import refuse_taken
from infra.stack.supervisor import Supervisor

PINNED = re.compile(r"^([A-Za-z0-9_.-]+)==([^\s;\\]+)[ \t]*;?([^\\\n]*)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Check:
    name: str
    look: Callable[[Settings], list[str]]


def _machine(_settings: Settings) -> list[str]:
    return preflight.problems(str(CHECKOUT), room_mb=0)


def _packages(_settings: Settings) -> list[str]:
    trouble = not_as_pinned((CHECKOUT / "requirements.lock").read_text(encoding="utf-8"))
    return (
        [
            f"These packages are not as requirements.lock pins them: {', '.join(trouble)}. Run 'make setup'."
        ]
        if trouble
        else []
    )


def not_as_pinned(lock: str) -> list[str]:
    """Of the packages that the lock file means for this system and Python: those that are missing or of another version."""
    found = (
        (name, pinned)
        for name, pinned, marker in PINNED.findall(lock)
        if not marker.strip() or Marker(marker.strip()).evaluate()
    )
    return sorted(f"{name} {pinned}" for name, pinned in found if _installed(name) != pinned)


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
    return (
        [] if done.returncode == 0 else [f"The Java runtime does not start: {done.stderr.strip()}"]
    )


def _files(settings: Settings) -> list[str]:
    paths = [(artifact, stored(artifact, settings.cache_dir)) for artifact in read_lock()]
    missing = [path.name for _, path in paths if not path.exists()]
    there = ((artifact, path, sha256_of(path)) for artifact, path in paths if path.exists())
    wrong = [
        f"{other_hash(artifact, found)} Delete {path}."
        for artifact, path, found in there
        if found != artifact.sha256
    ]
    return wrong + (
        [f"{len(missing)} files are not downloaded yet, {missing[0]} the first: run 'make setup'."]
        if missing
        else []
    )


def _names(settings: Settings) -> list[str]:
    """A misspelt setting would be ignored in silence."""
    known = {PREFIX + field.upper() for field in type(settings).model_fields}
    given = {
        name.upper() for name in (*os.environ, *_dotenv_names()) if name.upper().startswith(PREFIX)
    }
    return [
        f"There is no setting {name}: see infra/settings.py for the names."
        for name in sorted(given - known)
    ]


def _dotenv_names() -> list[str]:
    path = CHECKOUT / ".env"
    lines = path.read_text().splitlines() if path.exists() else []
    return [
        line.partition("=")[0].strip()
        for line in lines
        if "=" in line and not line.lstrip().startswith("#")
    ]


def _data_directory(settings: Settings) -> list[str]:
    place = _nearest_existing(settings.data_dir.resolve())
    if not os.access(place, os.W_OK | os.X_OK):
        return [
            f"{place} cannot be written: change its owner or rights, or set DIBIENDONG_DATA_DIR."
        ]
    free_mb = shutil.disk_usage(place).free // 1_000_000
    if free_mb < settings.disk_free_min_mb:
        return [
            f"The disk of {place} has {free_mb} MB free and the stack needs {settings.disk_free_min_mb}: free some space."
        ]
    return []


def _nearest_existing(path: Path) -> Path:
    return next(parent for parent in (path, *path.parents) if parent.exists())


def _ports(settings: Settings) -> list[str]:
    running = Supervisor.of(settings).processes()
    idle = [
        unit
        for unit in units(settings)
        if not (unit.name in running and running[unit.name].running)
    ]
    troubles = []
    for unit in idle:
        try:
            refuse_taken(settings, [unit])
        except InfraError as error:
            troubles.append(str(error))
    return troubles


def _stack(settings: Settings) -> list[str]:
    if not Supervisor.of(settings).running:
        return []
    ill = [
        condition
        for condition in conditions(settings)
        if condition.state in ("restarting", "starting", "held")
    ]
    return [f"{one.name} is {one.state}: see 'dibiendong logs {one.name}'." for one in ill]


CHECKS = (
    Check("machine: Python, system, rights", _machine),
    Check("Python packages as pinned", _packages),
    Check("Java runtime starts", _runtime),
    Check("files of Kafka and the registry have the pinned hashes", _files),
    Check("settings have known names", _names),
    Check("data directory has room and can be written", _data_directory),
    Check("ports are free, or the stack's own", _ports),
    Check("parts that were started are up", _stack),
)
