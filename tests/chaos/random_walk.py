"""Draws harm at random for as long as it is asked to."""

from collections.abc import Callable

from streams.stages import STAGES
from tests.chaos.rig import BACK_S, Rig

HARMS_A_MINUTE = 4
SERVERS = ("kafka", "clickhouse", "registry", "api")


def walk(rig: Rig) -> None:
    for _ in rig.load.steps(max(1, round(rig.minutes * HARMS_A_MINUTE))):
        rig.pause(0.0, 3.0)
        rig.draw.choice(HARMS)(rig)
        rig.pause(0.0, 6.0)


def kill_some_stages(rig: Rig) -> None:
    rig.kill(*rig.draw.sample(STAGES, rig.draw.randrange(1, len(STAGES) + 1)))


def kill_a_server(rig: Rig) -> None:
    server = rig.draw.choice(SERVERS)
    rig.kill(server)
    rig.stack.wait_ready(server, BACK_S)


def freeze_something(rig: Rig) -> None:
    with rig.frozen(rig.draw.choice((*STAGES, *SERVERS))):
        rig.pause(3.0, 12.0)


def forget_a_state(rig: Rig) -> None:
    stage = rig.draw.choice(("link", "identify", "screen"))
    with rig.stopped(stage):
        rig.forget_state(stage)


HARMS: tuple[Callable[[Rig], None], ...] = (
    kill_some_stages,
    kill_some_stages,
    kill_a_server,
    freeze_something,
    forget_a_state,
)
