"""Shows how far the downloads are: a bar on a terminal, a line per file elsewhere."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from rich.console import Console
from rich.progress import (
    BarColumn,
    DownloadColumn,
    Progress,
    TextColumn,
    TimeRemainingColumn,
    TransferSpeedColumn,
)

from infra.stack.artifacts import Artifact

Advance = Callable[[str, int], None]
"""Callback that gets the name of a file and the number of its bytes that have arrived."""


@contextmanager
def downloading(artifacts: Sequence[Artifact]) -> Iterator[Advance]:
    console = Console(stderr=True)
    total = sum(artifact.size for artifact in artifacts)
    console.print(
        f"Downloading {len(artifacts)} files of Kafka and the schema registry, {total / 1e6:.0f} MB"
    )
    display = _bar(total, console) if console.is_terminal else _lines(artifacts, console)
    with display as advance:
        yield advance


@contextmanager
def _bar(total: int, console: Console) -> Iterator[Advance]:
    columns = (
        BarColumn(),
        DownloadColumn(),
        TransferSpeedColumn(),
        TimeRemainingColumn(),
        TextColumn("{task.description}"),
    )
    sizes: dict[str, int] = {}
    with Progress(*columns, console=console) as progress:
        task = progress.add_task("", total=total)

        def advance(filename: str, size: int) -> None:
            sizes[filename] = size
            progress.update(task, completed=sum(sizes.values()), description=filename)

        yield advance


@contextmanager
def _lines(artifacts: Sequence[Artifact], console: Console) -> Iterator[Advance]:
    sizes = {artifact.filename: artifact.size for artifact in artifacts}

    def advance(filename: str, size: int) -> None:
        if size == sizes[filename]:
            console.print(f"  {filename} {size / 1e6:.1f} MB", soft_wrap=True, highlight=False)

    yield advance
