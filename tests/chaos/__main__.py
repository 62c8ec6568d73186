"""`python -m tests.chaos [--only NAME] [--seed S]`: harms a stack in every way of the table and checks that nothing is lost or doubled.

Ends with 1 when a guarantee did not hold.
"""

import argparse
import random
import sys
from collections.abc import Sequence
from contextlib import ExitStack

from rich.console import Console
from rich.table import Table

from tests.chaos.running import Result, own_stack, run
from tests.chaos.schedules import NAMES, SCHEDULES, Schedule
from tests.running_stack import RunningStack


def main(words: Sequence[str]) -> int:
    arguments = _arguments(words)
    console = Console(width=160)
    chosen = [
        one
        for one in SCHEDULES
        if arguments.only in ("", one.name) or (arguments.only.endswith("*") and one.name.startswith(arguments.only[:-1]))
    ]
    if not chosen:
        sys.stderr.write(f"there is no schedule {arguments.only}; there are {', '.join(NAMES)}\n")
        return 2
    console.print(f"seed {arguments.seed}")
    results = run_all(chosen, arguments.seed, console)
    console.print(table(results))
    return int(any(result.complaint for result in results))


def run_all(chosen: Sequence[Schedule], seed: int, console: Console) -> list[Result]:
    """One stack for all; after a red one a new stack, so that each speaks for itself."""
    results = list[Result]()
    with ExitStack() as stacks:
        stack: RunningStack | None = None
        for schedule in chosen:
            stack = stack or stacks.enter_context(own_stack())
            number = SCHEDULES.index(schedule) + seed * len(SCHEDULES)
            result = run(schedule, stack, number, seed)
            results.append(result)
            console.print(f"{schedule.name}: {result.complaint or f'held, {result.harm_s:.0f} + {result.healed_s:.0f} s'}", highlight=False)
            if result.complaint:
                stacks.close()
                stack = None
    return results


def table(results: Sequence[Result]) -> Table:
    shown = Table("schedule", "held", "events", "posts repeated", "under harm, s", "until all held, s")
    for one in results:
        times = (f"{one.harm_s:.0f}", f"{one.healed_s:.0f}")
        shown.add_row(one.schedule.name, one.complaint or "yes", str(one.events), str(one.retried), *times)
    return shown


def _arguments(words: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.chaos", description="Harms a running stack and checks what it promises.")
    parser.add_argument("--only", default="", metavar="NAME", help=f"one of {', '.join(NAMES)}")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1_000), help="the same seed draws the same harm")
    return parser.parse_args(words)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
