"""`dibiendong status`: shows the condition of each part of the local stack."""

import json
import time
from dataclasses import asdict
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from infra.settings import Settings
from infra.stack.condition import Condition, conditions

COLOURS = {
    "up": "green",
    "starting": "yellow",
    "waiting": "yellow",
    "held": "red",
    "frozen": "red",
    "restarting": "yellow",
    "down": "red",
}
STATES_IN_NOTES = {"held": "is held", "frozen": "is frozen"}
NOT_ALL_UP = 1

AsJson = Annotated[
    bool, typer.Option("--json", help="For programs: a list with one object per process.")
]


def status(as_json: AsJson = False) -> None:
    """Ends with exit code 0 when every part is up and nothing is incomplete, else 1."""
    found = conditions(Settings())
    if as_json:
        typer.echo(json.dumps([asdict(condition) for condition in found], indent=1))
    else:
        console = Console()
        console.print(_table(found, time.time()))
        for condition in found:
            if condition.note:
                state = STATES_IN_NOTES.get(condition.state, condition.state)
                note = f"[red]{condition.name} {state}[/]: {escape(condition.note)}"
                console.print(note, soft_wrap=True, highlight=False)
    if any(condition.state != "up" or condition.note for condition in found):
        raise typer.Exit(NOT_ALL_UP)


def _table(found: list[Condition], now: float) -> Table:
    columns = ("part", "state", "process", "for", "lag", "version", "address", "memory")
    drawn = Table(*columns, box=None, pad_edge=False)
    for condition in found:
        drawn.add_row(*_row(condition, now))
    total = sum(condition.memory_mb or 0 for condition in found)
    drawn.add_row("", "", "", "", "", "", "all together", f"{total} MB")
    return drawn


def _row(condition: Condition, now: float) -> tuple[str, ...]:
    return (
        condition.name,
        f"[{COLOURS[condition.state]}]{condition.state}[/]",
        _text(condition.pid),
        "" if condition.started_at is None else _duration(now - condition.started_at),
        _text(condition.lag),
        condition.version,
        condition.address,
        "" if condition.memory_mb is None else f"{condition.memory_mb} MB",
    )


def _text(value: int | None) -> str:
    return "" if value is None else str(value)


def _duration(seconds: float) -> str:
    minutes, hours, days = seconds // 60, seconds // 3600, seconds // 86_400
    if days:
        return f"{days:.0f} d"
    if hours:
        return f"{hours:.0f} h"
    return f"{minutes:.0f} min" if minutes else f"{max(seconds, 0):.0f} s"
