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
from infra.kafka.provision import provision
from infra.settings import CHECKOUT
from infra.stack.condition import conditions
from schemas.contract.topics import CHECKPOINT_SCANS
from tests.chaos.logs import cut_logs, delete_topic
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
    return called(stack, "adopt-log", "--yes", "--reason", "a test")


def called(stack: RunningStack, *words: str) -> str:
    """Returns what a command of the tool writes."""
    done = subprocess.run(
        [sys.executable, "-c", CALL, *words],
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


@pytest.mark.parametrize(
    ("harm", "reason"),
    [
        (disk_replaced, "it is of topic id"),
        pytest.param(cut_logs, "the log ends at offset|another record", marks=pytest.mark.long),
    ],
)
def test_no_event_is_lost_where_a_log_begins_anew(
    own: RunningStack, harm: Callable[[RunningStack], None], reason: str
) -> None:
    world, writer = begin(own.settings, seed=611)
    half = len(world.events) // 2
    writer.write_citizens(world.citizens)
    writer.write_doors(world.events[:half])
    own.wait_idle()
    del writer  # a client of the old cluster that meets the new one may end the process
    own.down()
    harm(own)
    with pytest.raises(InfraError, match=r"waits: .* Way out: .*adopt-log"):
        own.require(*PARTS)
    wait_until(lambda: waiting_stages(own), what="stages to wait for an operator")
    assert all(re.search(reason, sentence) for sentence in waiting_stages(own).values())
    writer = Writer(own.settings)
    writer.write_reference(world.reference)
    writer.write_doors(world.events[half:])
    assert "Epoch 1 has begun" in adopt(own)
    own.require(*PARTS)
    assert_whole(own.settings, world)
    assert "nothing to adopt" in adopt(own)
    refused = called(own, "rebuild", "scans")
    assert "The log lacks records" in refused
    assert "journal" in refused
    assert_whole(own.settings, world)


@pytest.mark.long
def test_a_log_that_has_grown_beyond_the_old_position_is_noticed_too(own: RunningStack) -> None:
    world, writer = begin(own.settings, seed=612)
    few = len(world.events) // 4
    writer.write_citizens(world.citizens)
    writer.write_doors(world.events[:few])
    own.wait_idle()
    del writer  # a client of the old cluster that meets the new one may end the process
    own.down()
    cut_logs(own)
    own.require("topics")
    writer = Writer(own.settings)
    writer.write_doors(world.events[few:])
    with pytest.raises(InfraError, match=r"waits: .* Way out: .*adopt-log"):
        own.require(*PARTS)
    assert any("another record" in sentence for sentence in waiting_stages(own).values())
    assert "Epoch 1 has begun" in adopt(own)
    own.require(*PARTS)
    assert_whole(own.settings, world)


@pytest.mark.long
def test_a_topic_made_again_under_running_stages_is_noticed(own: RunningStack) -> None:
    world, writer = begin(own.settings, seed=613)
    half = len(world.events) // 2
    writer.write_citizens(world.citizens)
    writer.write_doors(world.events[:half])
    own.wait_idle()
    delete_topic(own, CHECKPOINT_SCANS)
    provision(own.settings)
    Writer(own.settings).write_doors(world.events[half:])
    wait_until(lambda: "identify-0" in waiting_stages(own), what="identify to wait")
    assert "Epoch 1 has begun" in adopt(own)
    own.require(*PARTS)
    assert_whole(own.settings, world)
