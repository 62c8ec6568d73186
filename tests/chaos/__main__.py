"""Harms a stack in every way of the table and checks that nothing is lost or doubled.

`python -m tests.chaos [--only NAME] [--seed S] [--minutes N] [--mutations]` keeps the results in
docs/guarantees.md, unless it has `--no-page`. It ends with 1 when a guarantee did not hold, or when
a protection was taken away and nothing went red.
"""

import argparse
import random
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from fnmatch import fnmatch

from rich.console import Console
from rich.table import Table

from tests.chaos.mutations import MUTATIONS, Mutation, in_all_workers
from tests.chaos.page import keep_mutation, keep_schedules
from tests.chaos.running import Ground, Result, own_ground, run
from tests.chaos.schedules import NAMES, SCHEDULES, Schedule
from tests.chaos.whole_disk import go_on_with_own_mounts, may_mount

MUTATED_PATIENCE_S = 45.0


def main(words: Sequence[str]) -> int:
    arguments = _arguments(words)
    console = Console(width=160)
    patterns = (arguments.only or "*").split(",")
    selected = [schedule for schedule in SCHEDULES if _is_selected(schedule, patterns)]
    if not selected and not arguments.mutations:
        sys.stderr.write(f"there is no schedule {arguments.only}; there are {', '.join(NAMES)}\n")
        return 2
    mutations = [change for change in MUTATIONS if arguments.only in ("", change.change)]
    needed = [_schedule_of(mutation) for mutation in mutations] if arguments.mutations else selected
    if any(schedule.disk for schedule in needed) and may_mount():
        go_on_with_own_mounts(words)
    console.print(f"seed {arguments.seed}")
    if arguments.mutations:
        red = [goes_red(mutation, arguments, console) for mutation in mutations]
        return int(not all(red))
    results = run_all(selected, arguments, console)
    console.print(table(results))
    return int(any(result.complaint for result in results))


def _is_selected(schedule: Schedule, patterns: Sequence[str]) -> bool:
    return any(fnmatch(schedule.name, pattern) for pattern in patterns)


def _schedule_of(mutation: Mutation) -> Schedule:
    return next(schedule for schedule in SCHEDULES if schedule.name == mutation.schedule)


def goes_red(mutation: Mutation, arguments: argparse.Namespace, console: Console) -> bool:
    schedule = _schedule_of(mutation)
    number, seed = SCHEDULES.index(schedule), arguments.seed
    with in_all_workers(mutation.change), own_ground(schedule.disk) as ground:
        result = run(schedule, ground, number, seed, patience_s=MUTATED_PATIENCE_S)
    ended = (
        f"red: {result.complaint}" if result.red else f"NOT RED: {result.complaint or 'all held'}"
    )
    console.print(f"{mutation.change}: {schedule.name} {ended}", highlight=False)
    if arguments.page:
        keep_mutation(mutation.change, ended)
    return result.red


def run_all(
    schedules: Sequence[Schedule], arguments: argparse.Namespace, console: Console
) -> list[Result]:
    """Runs the schedules on one stack.

    After a red one a new stack begins, so that each schedule speaks for itself. One that needs a
    disk of its own has a stack of its own.
    """
    results = list[Result]()
    seed = arguments.seed
    with ExitStack() as stacks:
        ground: Ground | None = None
        for schedule in schedules:
            if schedule.disk:
                stacks.close()
                ground = None
            ground = ground or stacks.enter_context(own_ground(schedule.disk))
            number = SCHEDULES.index(schedule) + seed * len(SCHEDULES)
            result = run(schedule, ground, number, seed, minutes=arguments.minutes)
            results.append(result)
            if arguments.page:
                keep_schedules([result], seed)
            held = f"held, {result.harm_s:.0f} + {result.healed_s:.0f} s"
            console.print(f"{schedule.name}: {result.complaint or held}", highlight=False)
            if result.complaint or schedule.disk:
                stacks.close()
                ground = None
    return results


def table(results: Sequence[Result]) -> Table:
    columns = Table(
        "schedule", "held", "events", "posts repeated", "under harm, s", "until all held, s"
    )
    for result in results:
        times = (f"{result.harm_s:.0f}", f"{result.healed_s:.0f}")
        columns.add_row(
            result.schedule.name,
            result.complaint or "yes",
            str(result.events),
            str(result.retried),
            *times,
        )
    return columns


def _arguments(words: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m tests.chaos",
        description="Harms a running stack and checks what it promises.",
    )
    parser.add_argument(
        "--only",
        default="",
        metavar="NAME",
        help=f"one of {', '.join(NAMES)}; several with commas, * stands for anything",
    )
    parser.add_argument(
        "--minutes",
        type=float,
        default=1.0,
        metavar="N",
        help="for how long the random schedule goes on",
    )
    parser.add_argument(
        "--mutations",
        action="store_true",
        help="take each protection away and see that its schedule goes red",
    )
    parser.add_argument(
        "--no-page",
        dest="page",
        action="store_false",
        help="leave docs/guarantees.md as it is",
    )
    parser.add_argument(
        "--seed",
        type=int,
        default=random.SystemRandom().randrange(1_000),
        help="the same seed draws the same harm",
    )
    return parser.parse_args(words)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
