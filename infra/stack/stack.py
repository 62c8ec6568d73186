"""Starts and ends the local stack.

What a part has stored survives both, and survives the death of any part.
"""

import errno
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from infra.errors import SetupError
from infra.settings import Settings
from infra.stack import files
from infra.stack.parts import Unit, selected, units
from infra.stack.places import Places
from infra.stack.ports import refuse_taken
from infra.stack.startup import Report, Startup
from infra.stack.supervisor import Supervisor

FULL = (errno.ENOSPC, errno.EDQUOT)
NOT_WRITABLE = (errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOTDIR, errno.EEXIST)


def up(
    settings: Settings,
    only: Sequence[str] = (),
    *,
    tied: bool = False,
    report: Report = lambda *_: None,
) -> None:
    """Returns when every selected part, and what it needs, is ready.

    What already runs is left as it is. Raises `SetupError` where the machine or the settings stand
    in the way, `InfraError` where a part does not start.
    """
    wanted = units(settings, selected(only))
    files.ensure(settings)
    supervisor = Supervisor.of(settings)
    with data_directory_trouble_explained(settings):
        supervisor.places.create()
        refuse_little_room(settings)
        if not supervisor.running:
            supervisor.stop()
        refuse_taken(settings, _idle(supervisor, wanted))
        parts = {unit.part.name: unit.part for unit in wanted}
        for part in parts.values():
            part.prepare(settings)
        supervisor.ensure_running(tied=tied)
    Startup(settings, supervisor, report).run(wanted)


def _idle(supervisor: Supervisor, wanted: Sequence[Unit]) -> list[Unit]:
    """Returns the units that do not run yet, whose ports must therefore be free."""
    processes = supervisor.processes()
    running = {name for name, process in processes.items() if process.running}
    return [unit for unit in wanted if unit.name not in running]


def down(settings: Settings) -> bool:
    """Ends all parts; their data stays. Returns False when nothing ran."""
    return Supervisor.of(settings).stop()


def refuse_little_room(settings: Settings) -> None:
    free_mb = shutil.disk_usage(settings.data_dir).free // 1_000_000
    if free_mb < settings.disk_free_min_mb:
        raise SetupError(
            f"The disk of {settings.data_dir} has {free_mb} MB free and the stack needs "
            f"{settings.disk_free_min_mb}: free some space, "
            "or set DIBIENDONG_DATA_DIR to a directory on another disk."
        )


@contextmanager
def data_directory_trouble_explained(settings: Settings) -> Iterator[None]:
    """Raises `SetupError` in place of an OSError that a full or write-protected disk causes."""
    place = Places.of(settings).data
    try:
        yield
    except OSError as error:
        if error.errno in FULL:
            raise SetupError(
                f"The disk of {place} is full: free some space, or set DIBIENDONG_DATA_DIR."
            ) from error
        if error.errno in NOT_WRITABLE:
            raise SetupError(
                f"The data directory {place} cannot be written: "
                "change its owner or rights, or set DIBIENDONG_DATA_DIR."
            ) from error
        raise
