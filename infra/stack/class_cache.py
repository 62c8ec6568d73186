"""Makes the class caches of the Java parts, from which they start in half the time."""

import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from infra.environment import for_child
from infra.errors import InfraError
from infra.settings import CHECKOUT, Settings
from infra.stack.free_ports import on_free_ports
from infra.stack.java import class_cache_path
from infra.stack.parts import PARTS, Unit
from infra.stack.waiting import wait_for

TRAINING = "training-"


def make_class_caches(settings: Settings, parts: Sequence[str]) -> None:
    """Runs each of these parts once.

    A cache is a convenience: where one fails, that is reported and the stack starts all the same.
    """
    for part in PARTS:
        if part.name in parts:
            try:
                _train(settings, Unit(part, 0))
            except InfraError as error:
                sys.stderr.write(f"{part.name} will start slower than it could: {error}\n")


def _train(settings: Settings, unit: Unit) -> None:
    target = class_cache_path(settings.cache_dir, unit.name)
    target.parent.mkdir(parents=True, exist_ok=True)
    _remove_leftovers(target.parent)
    with TemporaryDirectory(dir=target.parent, prefix=TRAINING) as place:
        own = on_free_ports(settings).model_copy(update={"data_dir": Path(place)})
        (own.data_dir / "tmp").mkdir()
        unit.part.prepare(own)
        fresh = own.data_dir / target.name
        _run_once(own, unit, fresh)
        if not fresh.exists():
            raise InfraError("the Java runtime wrote no class cache")
        fresh.rename(target)


def _remove_leftovers(directory: Path) -> None:
    """Removes what runs that were cut off left behind."""
    for leftover in directory.glob(f"{TRAINING}*"):
        shutil.rmtree(leftover, ignore_errors=True)


def _run_once(settings: Settings, unit: Unit, cache: Path) -> None:
    """Starts the part, waits until it is ready and stops it. It ends with this process too."""
    java, *rest = unit.command(settings)
    record = settings.data_dir / f"{unit.name}.pid"
    launch = [sys.executable, "-m", "infra.stack.launch", "--tied", str(record)]
    with subprocess.Popen(
        [*launch, java, f"-XX:AOTCacheOutput={cache}", *rest],
        env=for_child(settings),
        cwd=CHECKOUT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
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
