"""Runs a schedule on a stack and says how it ended."""

import random
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from infra.errors import InfraError
from tests.chaos.rig import Rig
from tests.chaos.schedules import Schedule
from tests.running_stack import RunningStack

PATIENCE_S = 180.0
SETTINGS: dict[str, Any] = {"rate_limit_per_second": 1_000_000, "session_timeout_s": 5.0, "dead_letters_max": 2_000}
"""A short session, so that a stopped process loses its partitions soon; room for every kind of poison in every topic."""
FIRST_WORLD, WORLDS = 100, 900


@dataclass(frozen=True, slots=True)
class Result:
    schedule: Schedule
    complaint: str
    """Empty when everything held."""
    events: int
    retried: int
    harm_s: float
    healed_s: float
    """From the end of the load and the harm until everything held."""


@contextmanager
def own_stack() -> Iterator[RunningStack]:
    with TemporaryDirectory(prefix="chaos") as directory:
        stack = RunningStack.plan(Path(directory), **SETTINGS)
        try:
            stack.require()
            yield stack
        finally:
            stack.down()


def run(schedule: Schedule, stack: RunningStack, number: int, seed: int, patience_s: float = PATIENCE_S) -> Result:
    rig = Rig.begin(stack, FIRST_WORLD + number % WORLDS, random.Random(f"{seed} {schedule.name}"))
    began, complaint, harm_s, healed_s = time.monotonic(), "", 0.0, 0.0
    try:
        schedule.run(rig)
        harm_s = time.monotonic() - began
        healed_s = rig.checks.hold(patience_s)
    except (AssertionError, InfraError) as red:
        complaint = str(red) or type(red).__name__
    finally:
        rig.load.close()
    return Result(schedule, complaint, len(rig.world.events), rig.load.client.retried, harm_s, healed_s)
