"""`dibiendong demo`: the main job on a synthetic day, held against the truth.

It goes from an empty stack to flags, verdicts, traces and lists at the communes.
"""

import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Annotated, get_args

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from infra.settings import Settings
from infra.stack import stack
from infra.tools.cli.demo_tables import (
    Outcome,
    print_next,
    print_outcome,
    print_stages,
    print_verdicts,
)
from infra.tools.cli.load import load_file
from infra.tools.simulator.check import RuleResult, check_flags, check_generations, check_trace
from infra.tools.simulator.check_handover import check_handover
from infra.tools.simulator.day import Kind
from infra.tools.simulator.files import write_files
from infra.tools.simulator.make import make_world
from infra.tools.simulator.play import Played, Player, drain, split_last_scans
from infra.tools.simulator.world import World
from schemas.domain.pseudonyms import Pseudonyms

GENERATIONS = 3
DEMO = "demo"
"""Its directory within the data directory."""
SETTLE_S = 30.0


def demo(
    citizens: Annotated[
        int, typer.Option(min=500, max=990_000, help="People in the register.")
    ] = 20_000,
    days: Annotated[int, typer.Option(min=1, max=30, help="Days to play.")] = 1,
    seed: Annotated[int, typer.Option(help="The same seed makes the same world.")] = 2021,
    speed: Annotated[
        float,
        typer.Option(min=0, help="1 is real time, 60 an hour a minute, 0 as fast as it goes."),
    ] = 0,
    down: Annotated[bool, typer.Option("--down", help="Stop the stack afterwards.")] = False,
) -> None:
    """Runs on a stack of its own under the data directory, begun empty each time.

    Exit code 1 if flags, traces or lists are not the truth.
    """
    console, begun = Console(), time.monotonic()
    settings = _demo_settings()
    _fresh_stack(settings, console)
    with console.status(f"making a province of {citizens:,} people"):
        world = make_world(seed, citizens, days, Pseudonyms(settings.person_key.get_secret_value()))
    played = _play(settings, world, speed, console)
    outcome = _check(settings, world)
    print_stages(settings, console)
    print_verdicts(played, console)
    print_outcome(outcome, world, console)
    print_next(settings, outcome, console)
    verdict = "[green]everything as planted[/]" if outcome.right else "[red]NOT what was planted[/]"
    took = f"{time.monotonic() - begun:.0f} s in all"
    console.print(f"\n{verdict}: {played.accepted:,} events posted, {took}")
    if down:
        stack.down(settings)
    if not outcome.right:
        raise typer.Exit(1)


def _demo_settings() -> Settings:
    """Returns settings of a directory of the demo's own, or of one that was named already."""
    settings = Settings()
    if settings.data_dir.name == DEMO:
        return settings
    return settings.model_copy(update={"data_dir": settings.data_dir / DEMO})


def _fresh_stack(settings: Settings, console: Console) -> None:
    stack.down(settings)
    shutil.rmtree(settings.data_dir, ignore_errors=True)
    begun = time.monotonic()
    with console.status("starting the stack"):
        stack.up(settings)
    console.print(f"stack up in {time.monotonic() - begun:.1f} s, data in {settings.data_dir}")


def _play(settings: Settings, world: World, speed: float, console: Console) -> Played:
    files = write_files(world, settings.data_dir / "files")
    bulk, singly = split_last_scans(world.happenings)
    with _progress(console) as progress:
        player = Player(settings, speed, _bars(progress, world))
        player.describe_checkpoints(world)
        player.permit_vehicles(world)
        player.trust_signers(world)
        player.adopt_policy()
        player.refresh_sources()
        load_file(settings, "citizens", files["citizens"], progress)
        load_file(settings, "vaccinations", files["vaccinations"], progress)
        player.play(bulk)
        _wait_for_stages(settings, progress)
        player.measure(singly)
        _wait_for_stages(settings, progress)
        player.close()
    player.played.accepted += len(world.citizens) + len(world.doses)
    return player.played


@contextmanager
def _progress(console: Console) -> Iterator[Progress]:
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console) as progress:
        yield progress


def _bars(progress: Progress, world: World) -> Callable[[str, int], None]:
    """Draws a bar for each kind of happening; returns what advances it."""
    tasks = {}
    for kind in get_args(Kind):
        total = sum(happening.kind == kind for happening in world.happenings)
        tasks[kind] = progress.add_task(f"posting {kind}s", total=total)
    return lambda kind, posted: progress.advance(tasks[kind], posted)


def _wait_for_stages(settings: Settings, progress: Progress) -> None:
    task = progress.add_task("stages at work", total=None)

    def report(lags: dict[str, int]) -> None:
        waiting = ", ".join(f"{stage} {lag:,}" for stage, lag in lags.items())
        progress.update(task, description=f"waiting: {waiting}")

    drain(settings, report)
    progress.remove_task(task)


def _check(settings: Settings, world: World) -> Outcome:
    """Holds everything against the truth; the hand-over comes last, for it reports a case."""
    return Outcome(
        rules=_settled(settings, world),
        trace=check_trace(settings, world),
        generations=check_generations(settings, world, GENERATIONS),
        handover=check_handover(settings, world),
    )


def _settled(settings: Settings, world: World) -> list[RuleResult]:
    """Waits until the flags are right: the sink writes within a second or so of the commit."""
    deadline = time.monotonic() + SETTLE_S
    while True:
        results = check_flags(settings, world)
        if all(result.right for result in results) or time.monotonic() > deadline:
            return results
        time.sleep(1)
