"""The table of contents of the harness: every schedule, with what is done to the stack in plain words."""

from collections.abc import Callable
from dataclasses import dataclass

from tests.chaos import kills
from tests.chaos.rig import Rig


@dataclass(frozen=True, slots=True)
class Schedule:
    """`run` puts the whole load on its way and does its harm meanwhile; what it stopped runs again when it returns."""

    name: str
    harm: str
    run: Callable[[Rig], None]


SCHEDULES = (
    Schedule("kill-each", "SIGKILL of each stage twice, in random order and at random moments", kills.kill_each),
    Schedule("kill-two", "SIGKILL of two stages at the same moment, five times", kills.kill_two),
    Schedule("kill-all", "SIGKILL of all four stages at the same moment, three times", kills.kill_all),
)
NAMES = tuple(schedule.name for schedule in SCHEDULES)
