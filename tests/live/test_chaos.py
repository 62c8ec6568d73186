"""A few schedules of `make chaos` run on the stack that the live tests share.

The harness's own checks are tested too, for they must be able to fail.
"""

import subprocess
import sys

import pytest
from msgspec.structs import replace

from infra.settings import CHECKOUT
from schemas.contract.ids import DocumentKey
from tests.chaos.checks import Red, agree
from tests.chaos.rig import Rig
from tests.chaos.running import Ground, run
from tests.chaos.schedules import SCHEDULES, Schedule
from tests.chaos.second_oracle import JUDGED, SecondOracle
from tests.chaos.whole_disk import may_mount
from tests.chaos.world import ChaosWorld
from tests.live_world import expected
from tests.running_stack import RunningStack
from tests.streams.memory_path import PERSON_KEY
from tests.waiting import BOUND_S

SEED = 7
BOUNDED = ("kill-two", "posted-three-times", "api-killed", "zombie-link", "rolling-upgrade")
AT_EACH_RUN = 1


@pytest.mark.live
@pytest.mark.parametrize(
    "name",
    [
        *BOUNDED[:AT_EACH_RUN],
        *(pytest.param(name, marks=pytest.mark.long) for name in BOUNDED[AT_EACH_RUN:]),
    ],
)
def test_schedule_leaves_nothing_lost_and_nothing_doubled(stack: RunningStack, name: str) -> None:
    result = run(named(name), Ground(stack), 800 + BOUNDED.index(name), SEED, patience_s=BOUND_S)
    assert result.complaint == ""


@pytest.mark.live
@pytest.mark.long
def test_a_stack_comes_back_by_itself_once_its_disk_has_room_again() -> None:
    """The harness runs as a command: its stack has a small disk that nobody else sees."""
    if not may_mount():
        pytest.skip("this kernel lets nobody mount a small file system")
    command = [sys.executable, "-m", "tests.chaos", "--only", "disk-full-and-freed", "--no-page"]
    done = subprocess.run(
        [*command, "--seed", str(SEED)], cwd=CHECKOUT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.live
def test_an_event_that_never_arrived_is_told(stack: RunningStack) -> None:
    """The harness leaves one event out, and its checks say so."""

    def forgetful(rig: Rig) -> None:
        rig.load.put(rig.world.events[1:], rig.world.citizens)
        rig.load.settle()
        stack.wait_idle()

    result = run(Schedule("forgetful", "", forgetful), Ground(stack), 810, SEED, patience_s=5)
    assert " accepted events 1 are missing and 0 doubled" in result.complaint


def test_both_oracles_find_the_same_flags_of_every_rule() -> None:
    for number in (901, 902, 903):
        world = ChaosWorld(number, PERSON_KEY)
        first, second = expected(world, PERSON_KEY), SecondOracle(world, PERSON_KEY)
        agree(first, second)
        assert {flag[0] for flag in second.open_flags()} == {
            rule for rule, _ in first.rules_found()
        } & set(JUDGED)


def test_oracles_that_differ_are_told() -> None:
    world = ChaosWorld(904, PERSON_KEY)
    first = expected(world, PERSON_KEY)
    world.events[0] = replace(world.events[0], document_key=DocumentKey("0" * 32))
    with pytest.raises(Red, match="the oracles differ"):
        agree(first, SecondOracle(world, PERSON_KEY))


def test_every_schedule_has_a_name_of_its_own() -> None:
    names = [schedule.name for schedule in SCHEDULES]
    assert len(names) == len(set(names))


def named(name: str) -> Schedule:
    return next(schedule for schedule in SCHEDULES if schedule.name == name)
