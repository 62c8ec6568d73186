"""A bar for work that reports how much of it is done."""

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

from infra.tools.rebuild.progress import Report


@contextmanager
def progress(console: Console, title: str) -> Iterator[Report]:
    """Draws a bar while the block runs; yields what is called with done and total."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console, transient=True) as drawn:
        task = drawn.add_task(title, total=None)
        yield lambda done, total: drawn.update(task, completed=done, total=total)


def rate(records: int, seconds: float) -> str:
    """Returns records a second in brackets, or nothing where no time was measured."""
    return f" ({records / seconds:,.0f}/s)" if seconds else ""
