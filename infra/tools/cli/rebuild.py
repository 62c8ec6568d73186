"""`dibiendong rebuild NAME...`: read models and state, made again from the log."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

from infra.errors import SetupError
from infra.settings import Settings
from infra.tools.rebuild.models import READ_MODELS, ReadModel, named
from infra.tools.rebuild.progress import Report
from infra.tools.rebuild.stages import STATEFUL, rebuild_stage
from infra.tools.rebuild.swap import rebuild_tables

Names = Annotated[
    list[str],
    typer.Argument(
        metavar="NAME...",
        help=f"Tables, stages ({', '.join(STATEFUL)}, project: every table), or all.",
    ),
]


def rebuild(names: Names) -> None:
    """Tables are made beside the live ones and swapped in while everything goes on (project: every table). Another stage stands still
    until its state is folded again."""
    settings, console = Settings(), Console()
    stages, tables = asked(names)
    for stage in stages:
        with progress(console, f"folding {stage} again") as report:
            done = rebuild_stage(settings, stage, report)
        console.print(
            f"{stage}: {done.records:,} records folded again in {done.took_s:.1f} s{rate(done.records, done.took_s)}"
        )
    if tables:
        with progress(console, f"replaying the log for {len(tables)} tables") as report:
            made = rebuild_tables(settings, tables, report)
        console.print(
            f"{', '.join(sorted(model.table for model in tables))}: made again from {made.records:,} records in {made.replay_s:.1f} s"
            f"{rate(made.records, made.replay_s)}, and swapped in; the stage project waited {made.closed_s:.1f} s",
            soft_wrap=True,
            highlight=False,
        )


def asked(names: list[str]) -> tuple[list[str], list[ReadModel]]:
    """The stages and tables that are meant. Raises `SetupError` for a name that is neither."""
    if not names:
        raise SetupError(
            f"Say what is to be rebuilt: all, a stage ({', '.join(STATEFUL)}, project), or tables."
        )
    stages = [stage for stage in STATEFUL if stage in names or "all" in names]
    if {"all", "project"} & set(names):
        return stages, list(READ_MODELS)
    tables = [name for name in names if name not in STATEFUL]
    return stages, named(tables) if tables else []


def rate(records: int, seconds: float) -> str:
    return f" ({records / seconds:,.0f}/s)" if seconds else ""


@contextmanager
def progress(console: Console, what: str) -> Iterator[Report]:
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console, transient=True) as drawn:
        task = drawn.add_task(what, total=None)
        yield lambda done, total: drawn.update(task, completed=done, total=total)
