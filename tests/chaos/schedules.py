"""The table of contents of the harness: every schedule, with what is done to the stack in plain words."""

from collections.abc import Callable
from dataclasses import dataclass

from tests.chaos import kills, zombies
from tests.chaos.rig import Rig


@dataclass(frozen=True, slots=True)
class Schedule:
    """`run` puts the whole load on its way and does its harm meanwhile; what it stopped runs again when it returns."""

    name: str
    harm: str
    run: Callable[[Rig], None]


ZOMBIE = "SIGSTOP of a worker of {} with a batch folded and not written; its successor does that and what comes after; then SIGCONT"
SCHEDULES = (
    Schedule("kill-each", "SIGKILL of each stage twice, in random order and at random moments", kills.kill_each),
    Schedule("kill-two", "SIGKILL of two stages at the same moment, five times", kills.kill_two),
    Schedule("kill-all", "SIGKILL of all four stages at the same moment, three times", kills.kill_all),
    Schedule("come-and-go", "Workers of every stage added and removed, asked to end or killed", zombies.come_and_go),
    Schedule("freeze", "SIGSTOP of a worker at a random moment for longer than its session, then SIGCONT; four times", zombies.freeze),
    *(Schedule(f"zombie-{stage}", ZOMBIE.format(stage), zombies.zombie(stage)) for stage in ("link", "identify", "screen")),
)
NAMES = tuple(schedule.name for schedule in SCHEDULES)
