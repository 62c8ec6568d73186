"""`dibiendong rebuild NAME...`: read models and state, made again from the log."""

from typing import Annotated

import typer
from rich.console import Console

from infra.errors import SetupError
from infra.settings import Settings
from infra.tools.cli.progress import progress, rate
from infra.tools.rebuild.models import READ_MODELS, ReadModel, named
from infra.tools.rebuild.stages import STATEFUL, rebuild_stage
from infra.tools.rebuild.swap import rebuild_tables

MEANING_EVERY_TABLE = ("all", "project")
Names = Annotated[
    list[str],
    typer.Argument(
        metavar="NAME...",
        help=f"Tables, stages ({', '.join(STATEFUL)}, project: every table), or all.",
    ),
]


def rebuild(names: Names) -> None:
    """Makes tables, or the state of a stage, again from the log.

    Tables are made in a shadow database and swapped in while everything goes on. The stage project
    means every table. Another stage stands still until its state is folded again.
    """
    settings, console = Settings(), Console()
    stages, tables = requested(names)
    for stage in stages:
        _fold_again(settings, stage, console)
    if tables:
        _make_again(settings, tables, console)


def requested(names: list[str]) -> tuple[list[str], list[ReadModel]]:
    """Returns the stages and tables that are meant.

    Raises `SetupError` if a name is of neither, also beside `all` and `project`.
    """
    if not names:
        raise SetupError(
            f"Say what is to be rebuilt: all, a stage ({', '.join(STATEFUL)}, project), or tables."
        )
    stages = [stage for stage in STATEFUL if stage in names or "all" in names]
    others = [name for name in names if name not in (*STATEFUL, *MEANING_EVERY_TABLE)]
    tables = named(others) if others else []
    if any(name in names for name in MEANING_EVERY_TABLE):
        return stages, list(READ_MODELS)
    return stages, tables


def _fold_again(settings: Settings, stage: str, console: Console) -> None:
    with progress(console, f"folding {stage} again") as report:
        done = rebuild_stage(settings, stage, report)
    took = f"{done.took_s:.1f} s{rate(done.records, done.took_s)}"
    console.print(f"{stage}: {done.records:,} records folded again in {took}")


def _make_again(settings: Settings, tables: list[ReadModel], console: Console) -> None:
    with progress(console, f"replaying the log for {len(tables)} tables") as report:
        done = rebuild_tables(settings, tables, report)
    names = ", ".join(sorted(model.table for model in tables))
    took = f"{done.replay_s:.1f} s{rate(done.records, done.replay_s)}"
    console.print(
        f"{names}: made again from {done.records:,} records in {took}, and swapped in; "
        f"the stage project waited {done.closed_s:.1f} s",
        soft_wrap=True,
        highlight=False,
    )
