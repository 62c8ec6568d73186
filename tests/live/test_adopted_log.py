"""A log that is replaced, or cut, stops the stages until it is adopted; then nothing is missing.

Each test harms a stack of its own in the way a lost disk, an older copy or a power cut does.
"""

import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from infra.errors import InfraError
from infra.settings import CHECKOUT
from infra.stack.condition import conditions
from streams.stages import STAGES
from tests.live_world import Writer, assert_whole, begin
from tests.running_stack import RunningStack
from tests.waiting import wait_until

pytestmark = pytest.mark.live

CALL = "from infra.tools.cli import main; main()"
PARTS = ("link", "identify", "screen", "project")


@pytest.fixture
def own(tmp_path: Path) -> Iterator[RunningStack]:
    stack = RunningStack.plan(tmp_path / "data", partitions=2)
    try:
        stack.require(*PARTS)
        yield stack
    finally:
        stack.down()


def adopt(stack: RunningStack) -> str:
    done = subprocess.run(
        [sys.executable, "-c", CALL, "adopt-log", "--yes", "--reason", "a test"],
        env=stack.env,
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout + done.stderr


def disk_replaced(stack: RunningStack) -> None:
    shutil.rmtree(stack.settings.data_dir / "kafka")


def waiting_stages(stack: RunningStack) -> dict[str, str]:
    """Returns the sentence of each stage that waits for an operator."""
    return {
        condition.name: condition.note
        for condition in conditions(stack.settings)
        if condition.state == "waiting" and "adopt-log" in condition.note
    }


@pytest.mark.parametrize("harm", [disk_replaced])
def test_no_event_is_lost_where_a_log_begins_anew(
    own: RunningStack, harm: Callable[[RunningStack], None]
) -> None:
    world, writer = begin(own.settings, seed=611)
    half = len(world.events) // 2
    writer.write_citizens(world.citizens)
    writer.write_doors(world.events[:half])
    own.wait_idle()
    own.down()
    harm(own)
    with pytest.raises(InfraError, match=r"waits: .* Way out: .*adopt-log"):
        own.require(*PARTS)
    wait_until(
        lambda: len(waiting_stages(own)) == len(STAGES),
        what="every stage to wait for an operator",
    )
    sentences = waiting_stages(own).values()
    assert all(re.search(r"topic id \S+ in cluster", sentence) for sentence in sentences)
    writer = Writer(own.settings)
    writer.write_reference(world.reference)
    writer.write_doors(world.events[half:])
    assert "Epoch 1 has begun" in adopt(own)
    own.require(*PARTS)
    assert_whole(own.settings, world)
    assert "nothing to adopt" in adopt(own)
