"""Kills processes of the path at random, one, two or all at once, while the load goes on."""

from streams.stages import STAGES
from tests.chaos.rig import Rig


def kill_each(rig: Rig) -> None:
    victims = rig.draw.sample(STAGES * 2, 8)
    for turn in rig.load.steps(len(victims)):
        rig.pause(0.0, 1.0)
        rig.kill(victims[turn])


def kill_two(rig: Rig) -> None:
    for _ in rig.load.steps(5):
        rig.pause(0.0, 1.5)
        rig.kill(*rig.draw.sample(STAGES, 2))


def kill_all(rig: Rig) -> None:
    for _ in rig.load.steps(3):
        rig.pause(0.2, 2.0)
        rig.kill(*STAGES)
