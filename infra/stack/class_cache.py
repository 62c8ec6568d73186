"""Runs each Java part once, to keep its loaded and linked classes: later starts take half the time."""

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from infra.environment import for_child
from infra.errors import InfraError
from infra.settings import Settings
from infra.stack.free_ports import beside
from infra.stack.java import start_cache
from infra.stack.parts import PARTS, Unit
from infra.stack.waiting import wait_for


def warm_up(settings: Settings, parts: Sequence[str]) -> None:
    """A convenience, so that trouble here is reported and the stack starts all the same, only slower."""
    for part in PARTS:
        if part.name in parts:
            try:
                _train(settings, Unit(part, 0))
            except InfraError as error:
                sys.stderr.write(f"{part.name} will start slower than it could: {error}\n")


def _train(settings: Settings, unit: Unit) -> None:
    target = start_cache(settings.cache_dir, unit.name)
    target.parent.mkdir(parents=True, exist_ok=True)
    scratch = target.with_suffix(".part")
    with TemporaryDirectory(dir=target.parent) as place:
        own = beside(settings).model_copy(update={"data_dir": Path(place)})
        (own.data_dir / "tmp").mkdir()
        unit.part.prepare(own)
        _run_once(own, unit, scratch)
    if not scratch.exists():
        raise InfraError("the Java runtime wrote no class cache")
    scratch.rename(target)


def _run_once(settings: Settings, unit: Unit, cache: Path) -> None:
    java, *rest = unit.command(settings)
    command = [java, f"-XX:AOTCacheOutput={cache}", *rest]
    environment = for_child(settings)
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        try:
            wait_for(
                lambda: unit.ready(settings), settings.start_timeout_s, f"{unit.name} did not start"
            )
            process.terminate()
            process.wait(settings.start_timeout_s)
        except subprocess.TimeoutExpired as error:
            raise InfraError(f"{unit.name} did not stop") from error
        finally:
            process.kill()
