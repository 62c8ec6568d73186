"""Raises and ends the local stack. What a part held survives both, and survives the death of any part."""

import errno
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from infra.errors import SetupError
from infra.settings import Settings
from infra.stack import files
from infra.stack.parts import chosen, units
from infra.stack.places import Places
from infra.stack.ports import refuse_taken
from infra.stack.startup import Raising, Report
from infra.stack.supervisor import Supervisor


def up(
    settings: Settings,
    only: Sequence[str] = (),
    *,
    tied: bool = False,
    report: Report = lambda *_: None,
) -> None:
    """Returns when every chosen part, and what it needs, is ready. What already runs is left as it is."""
    wanted = units(settings, chosen(only))
    files.ensure(settings)
    supervisor = Supervisor.of(settings)
    with data_directory_trouble_explained(settings):
        supervisor.places.create()
        refuse_little_room(settings)
        if not supervisor.running:
            supervisor.stop()
        running = supervisor.processes()
        refuse_taken(
            settings,
            [unit for unit in wanted if not (unit.name in running and running[unit.name].running)],
        )
        for part in {unit.part.name: unit.part for unit in wanted}.values():
            part.prepare(settings)
        supervisor.ensure_running(tied=tied)
    Raising(settings, supervisor, report).run(wanted)


def down(settings: Settings) -> bool:
    """Ends all parts; their data stays. False when nothing ran."""
    return Supervisor.of(settings).stop()


def refuse_little_room(settings: Settings) -> None:
    free_mb = shutil.disk_usage(settings.data_dir).free // 1_000_000
    if free_mb < settings.disk_free_min_mb:
        raise SetupError(
            f"The disk of {settings.data_dir} has {free_mb} MB free and the stack needs {settings.disk_free_min_mb}: "
            "free some space, or set DIBIENDONG_DATA_DIR to a directory on another disk."
        )


@contextmanager
def data_directory_trouble_explained(settings: Settings) -> Iterator[None]:
    place = Places.of(settings).data
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise SetupError(
                f"The disk of {place} is full: free some space, or set DIBIENDONG_DATA_DIR."
            ) from error
        if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOTDIR, errno.EEXIST):
            message = f"The data directory {place} cannot be written: change its owner or rights, or set DIBIENDONG_DATA_DIR."
            raise SetupError(message) from error
        raise
