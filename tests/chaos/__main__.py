"""Harms a stack in every way of the table and checks that nothing is lost or doubled.

`python -m tests.chaos [--only NAME] [--seed S] [--minutes N] [--mutations]` keeps the results in
docs/guarantees.md. It ends with 1 when a guarantee did not hold, or when a protection was taken
away and nothing went red.
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

MUTATED_PATIENCE_S = 45.0


def main(words: Sequence[str]) -> int:
    arguments = _arguments(words)
    console = Console(width=160)
    patterns = (arguments.only or "*").split(",")
    selected = [schedule for schedule in SCHEDULES if _is_selected(schedule, patterns)]
    if not selected and not arguments.mutations:
        sys.stderr.write(f"there is no schedule {arguments.only}; there are {', '.join(NAMES)}\n")
        return 2
    console.print(f"seed {arguments.seed}")
    if arguments.mutations:
        red = {
            mutation.change: goes_red(mutation, arguments.seed, console)
            for mutation in MUTATIONS
            if arguments.only in ("", mutation.change)
        }
        return int(not all(red.values()))
    results = run_all(selected, arguments.seed, arguments.minutes, console)
    console.print(table(results))
    return int(any(result.complaint for result in results))


def _is_selected(schedule: Schedule, patterns: Sequence[str]) -> bool:
    return any(fnmatch(schedule.name, pattern) for pattern in patterns)


def goes_red(mutation: Mutation, seed: int, console: Console) -> bool:
    schedule = next(schedule for schedule in SCHEDULES if schedule.name == mutation.schedule)
    with in_all_workers(mutation.change), own_ground() as ground:
        result = run(
            schedule, ground, SCHEDULES.index(schedule), seed, patience_s=MUTATED_PATIENCE_S
        )
    ended = (
        f"red: {result.complaint}" if result.red else f"NOT RED: {result.complaint or 'all held'}"
    )
    console.print(f"{mutation.change}: {schedule.name} {ended}", highlight=False)
    keep_mutation(mutation.change, ended)
    return result.red


def run_all(
    schedules: Sequence[Schedule], seed: int, minutes: float, console: Console
) -> list[Result]:
    """Runs the schedules on one stack.

    After a red one a new stack begins, so that each schedule speaks for itself.
    """
    results = list[Result]()
    with ExitStack() as stacks:
        ground: Ground | None = None
        for schedule in schedules:
            ground = ground or stacks.enter_context(own_ground())
            number = SCHEDULES.index(schedule) + seed * len(SCHEDULES)
            result = run(schedule, ground, number, seed, minutes=minutes)
            results.append(result)
            keep_schedules([result], seed)
            held = f"held, {result.harm_s:.0f} + {result.healed_s:.0f} s"
            console.print(f"{schedule.name}: {result.complaint or held}", highlight=False)
            if result.complaint:
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
        "--seed",
        type=int,
        default=random.SystemRandom().randrange(1_000),
        help="the same seed draws the same harm",
    )
    return parser.parse_args(words)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
