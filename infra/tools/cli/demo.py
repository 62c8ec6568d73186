"""`dibiendong demo`: the main job on a synthetic day, from an empty stack to flags, verdicts and a trace, held against the truth."""

import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Annotated, Any, get_args

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from infra.settings import Settings
from infra.stack import stack
from infra.stack.stage_metrics import stage_work
from infra.tools.cli.load import load_file
from infra.tools.cli.trace_tables import show_contacts
from infra.tools.simulator.check import (
    GenerationsResult,
    RuleResult,
    TraceResult,
    check_flags,
    check_generations,
    check_trace,
)
from infra.tools.simulator.check_handover import HandoverResult, check_handover
from infra.tools.simulator.day import Kind
from infra.tools.simulator.files import write_files
from infra.tools.simulator.make import make_world
from infra.tools.simulator.play import Played, Player, drain, kept_back, percentile
from infra.tools.simulator.world import World
from schemas.domain.pseudonyms import Pseudonyms

TRACE_MINUTES, GENERATIONS = 15.0, 3
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
    """Runs on a stack of its own under the data directory, begun empty each time. Exit code 1 if flags or trace are not the truth."""
    console, begun = Console(), time.monotonic()
    settings = Settings()
    if settings.data_dir.name != DEMO:  # whoever goes on after a demo has named its directory
        settings = settings.model_copy(update={"data_dir": settings.data_dir / DEMO})
    _fresh_stack(settings, console)
    with console.status(f"making a province of {citizens:,} people"):
        world = make_world(seed, citizens, days, Pseudonyms(settings.person_key.get_secret_value()))
    played = _play(settings, world, speed, console)
    rules, traced = _settled(settings, world), check_trace(settings, world, TRACE_MINUTES)
    followed, handed = (
        check_generations(settings, world, GENERATIONS),
        check_handover(settings, world),
    )
    _print_stages(settings, console)
    _print_verdicts(played, console)
    _print_rules(rules, world, console)
    _print_trace(traced, console)
    _print_generations(followed, console)
    _print_handover(handed, console)
    _print_next(settings, traced, handed, console)
    right = (
        all(rule.right for rule in rules)
        and traced.found == traced.truth
        and followed.right
        and handed.right
    )
    outcome = "[green]everything as planted[/]" if right else "[red]NOT what was planted[/]"
    console.print(
        f"\n{outcome}: {played.accepted:,} events posted, {time.monotonic() - begun:.0f} s in all"
    )
    if down:
        stack.down(settings)
    if not right:
        raise typer.Exit(1)


def _fresh_stack(settings: Settings, console: Console) -> None:
    stack.down(settings)
    shutil.rmtree(settings.data_dir, ignore_errors=True)
    begun = time.monotonic()
    with console.status("starting the stack"):
        stack.up(settings)
    console.print(f"stack up in {time.monotonic() - begun:.1f} s, data in {settings.data_dir}")


def _play(settings: Settings, world: World, speed: float, console: Console) -> Played:
    files = write_files(world, settings.data_dir / "files")
    bulk, singly = kept_back(world.happenings)
    with _progress(console) as progress:
        advance = _bars(progress, world)
        player = Player(settings, speed, advance)
        player.describe_posts(world)
        player.permit_vehicles(world)
        player.trust_signers(world)
        player.adopt_policy()
        player.refresh_sources()
        load_file(settings, "citizens", files["citizens"], progress)
        load_file(settings, "vaccinations", files["vaccinations"], progress)
        player.play(bulk)
        waiting = progress.add_task("stages at work", total=None)
        drain(settings, lambda lags: progress.update(waiting, description=_waiting(lags)))
        player.measure(singly)
        drain(settings, lambda lags: progress.update(waiting, description=_waiting(lags)))
        progress.remove_task(waiting)
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
    kinds = get_args(Kind)
    totals = {kind: sum(one.kind == kind for one in world.happenings) for kind in kinds}
    tasks = {kind: progress.add_task(f"posting {kind}s", total=totals[kind]) for kind in kinds}
    return lambda kind, posted: progress.advance(tasks[kind], posted)


def _waiting(lags: dict[str, int]) -> str:
    return "waiting: " + ", ".join(f"{stage} {lag:,}" for stage, lag in lags.items())


def _settled(settings: Settings, world: World) -> list[RuleResult]:
    """The sink writes within a second or so of the last commit."""
    deadline = time.monotonic() + SETTLE_S
    while True:
        results = check_flags(settings, world)
        if all(result.right for result in results) or time.monotonic() > deadline:
            return results
        time.sleep(1)


def _print_stages(settings: Settings, console: Console) -> None:
    table = Table("stage", "records", "busy", "records/s while busy", title="Stages")
    for stage, work in stage_work(settings).items():
        rate = work.records / work.busy_s if work.busy_s else 0
        table.add_row(stage, f"{work.records:,}", f"{work.busy_s:.1f} s", f"{rate:,.0f}")
    console.print(table)


def _print_verdicts(played: Played, console: Console) -> None:
    p50, p95 = percentile(played.verdict_ms, 0.5), percentile(played.verdict_ms, 0.95)
    decisions = ", ".join(f"{name} {count}" for name, count in sorted(played.decisions.items()))
    console.print(
        f"Scan to verdict over HTTP, {len(played.verdict_ms)} scans at 50/s: p50 {p50:.0f} ms, p95 {p95:.0f} ms ({decisions})"
    )


def _print_rules(results: list[RuleResult], world: World, console: Console) -> None:
    table = Table(
        "rule",
        "planted",
        "found",
        "missing",
        "others",
        title=f"Flags against the truth ({world.truth.near_misses} near misses)",
    )
    for one in results:
        style = None if one.right else "red"
        table.add_row(
            one.rule,
            str(one.planted),
            str(one.found),
            str(len(one.missing)),
            str(len(one.unexpected)),
            style=style,
        )
    console.print(table)
    for one in results:
        for name, subjects in (("missing", one.missing), ("unexpected", one.unexpected)):
            for subject in sorted(subjects)[:3]:
                console.print(f"  {one.rule} {name}: {subject}")


def _print_trace(traced: TraceResult, console: Console) -> None:
    answer: Any = traced.answer
    answer = answer | {"contacts": answer["contacts"][:5]}
    show_contacts(answer, TRACE_MINUTES, console)
    right = "all of them" if traced.found == traced.truth else f"truth {len(traced.truth)}"
    console.print(f"Trace of the busiest traveller: {len(traced.found)} meetings found, {right}")


def _print_generations(followed: GenerationsResult, console: Console) -> None:
    table = Table(
        "generation",
        "true contacts",
        "found",
        "precision",
        "recall",
        title=f"Whom {followed.person_id} may have infected",
    )
    for generation in range(1, GENERATIONS + 1):
        truth, found, both = followed.counts(generation)
        table.add_row(
            f"F{generation}",
            f"{truth:,}",
            f"{found:,}",
            *(f"{100 * both / of:.0f} %" if of else "" for of in (found, truth)),
        )
    console.print(table)
    communes = len(set(followed.homes_told.values()))
    homes = (
        "each where the register has them"
        if followed.homes == followed.homes_told
        else "[red]NOT where the register has them[/]"
    )
    console.print(f"They belong to {communes} communes, {homes}")


def _print_handover(handed: HandoverResult, console: Console) -> None:
    right = (
        "each with its own people and no others"
        if handed.right
        else "[red]NOT with its own people[/]"
    )
    title = f"Reported as a case: {len(handed.found)} lists with {handed.people:,} people (F1, F2) at their communes in {handed.took_s:.1f} s"
    console.print(f"{title}, {right}")


def _print_next(
    settings: Settings, traced: TraceResult, handed: HandoverResult, console: Console
) -> None:
    setting = f"DIBIENDONG_DATA_DIR={settings.data_dir}"
    secret = settings.clickhouse_reader_password.get_secret_value()
    query = "SELECT rule, count() FROM flags FINAL WHERE state = 'open' GROUP BY rule"
    console.print("\nWhere to look next")
    console.print(
        f"  API documentation  {settings.api}/docs (tokens in {settings.data_dir}/tokens.json)",
        soft_wrap=True,
    )
    sql = f'curl "{settings.clickhouse}/?user=reader&password={secret}&database={settings.clickhouse_database}" -d "{query}"'
    console.print(f"  SQL                {sql}", soft_wrap=True, highlight=False)
    console.print(
        f"  a trace            {setting} dibiendong trace {traced.person_id}",
        soft_wrap=True,
        highlight=False,
    )
    case = f"{traced.person_id} --onset 2021-09-15 --isolated 2021-09-16 --depth 3"
    console.print(
        f"  F0 → F3            {setting} dibiendong trace {case}", soft_wrap=True, highlight=False
    )
    lists = f"{handed.case_id} --show"
    console.print(
        f"  its lists          {setting} dibiendong handover {lists}",
        soft_wrap=True,
        highlight=False,
    )
    console.print(
        f"  state, then stop   {setting} dibiendong status; {setting} dibiendong down",
        soft_wrap=True,
        highlight=False,
    )
