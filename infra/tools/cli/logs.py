"""`dibiendong logs PART`: shows the log of a part, and goes on as it grows."""

import time
from collections import deque
from pathlib import Path
from typing import Annotated

import typer

from infra.errors import SetupError
from infra.settings import Settings
from infra.stack.parts import NAMES, named
from infra.stack.places import SUPERVISOR, Places

LOOK_EVERY_S = 0.2

PartName = Annotated[
    str, typer.Argument(metavar="PART", help=f"One of {', '.join(NAMES)}, supervisor; or screen-1.")
]
Follow = Annotated[
    bool, typer.Option("--follow", "-f", help="Go on as the log grows; Ctrl-C ends it.")
]
Lines = Annotated[int, typer.Option("--lines", "-n", min=0, help="How many of the last lines.")]


def logs(part: PartName, follow: Follow = False, lines: Lines = 200) -> None:
    settings = Settings()
    places = Places.of(settings)
    names = [SUPERVISOR] if part == SUPERVISOR else [unit.name for unit in named(settings, part)]
    files = {name: places.log(name) for name in names if places.log(name).exists()}
    if not files:
        raise SetupError(f"{part} has no log yet: start it with 'dibiendong up'.")
    ends = {name: _show_last(path, _prefix(name, files), lines) for name, path in files.items()}
    if follow:
        _follow_all(files, ends)


def _prefix(name: str, files: dict[str, Path]) -> str:
    return f"{name} | " if len(files) > 1 else ""


def _show_last(path: Path, mark: str, lines: int) -> int:
    """Returns the position at which following goes on."""
    with path.open(errors="replace") as file:
        for line in deque(file, lines):
            typer.echo(mark + line.rstrip("\n"))
        return file.tell()


def _follow_all(files: dict[str, Path], ends: dict[str, int]) -> None:
    try:
        while True:
            for name, path in files.items():
                ends[name] = _show_new(path, _prefix(name, files), ends[name])
            time.sleep(LOOK_EVERY_S)
    except KeyboardInterrupt:
        return


def _show_new(path: Path, mark: str, end: int) -> int:
    """Prints what was written after `end`; returns the new end."""
    try:
        size = path.stat().st_size
    except FileNotFoundError:  # between the two renames of a log that is turned over
        return 0
    with path.open(errors="replace") as file:
        file.seek(end if size >= end else 0)
        for line in file:
            typer.echo(mark + line.rstrip("\n"))
        return file.tell()
