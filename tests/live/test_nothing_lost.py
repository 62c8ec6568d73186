"""Stages are killed in mid-batch under load, and nothing is lost or doubled.

Afterwards every accepted event is there once. The flags are those of an oracle that saw the same
events in memory.
"""

import pytest

from tests.live_world import assert_whole, begin
from tests.running_stack import RunningStack
from tests.waiting import BOUND_S

pytestmark = pytest.mark.live

CHUNKS = 12
VICTIMS = ("identify", "screen", "project", "link", "screen", "identify", "project")


def test_killed_in_mid_batch_every_stage_loses_nothing_and_doubles_nothing(
    path: RunningStack,
) -> None:
    world, writer = begin(path.settings, seed=417)
    for turn in range(CHUNKS):
        writer.write_doors(world.events[turn::CHUNKS])
        writer.write_citizens(world.citizens[turn::CHUNKS])
        if turn < len(VICTIMS):
            path.kill(VICTIMS[turn])
    for victim in set(VICTIMS):
        path.wait_ready(victim, BOUND_S)
    assert_whole(path.settings, world)
