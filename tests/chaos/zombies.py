"""Workers come and go; workers stop for longer than their session and find a successor.

They wake up with the successor in their place.
"""

import signal
from collections.abc import Callable, Sequence
from contextlib import ExitStack

from confluent_kafka import ConsumerGroupState
from confluent_kafka.admin import AdminClient

from infra.stack.lag import group_id
from schemas.contract.events import CitizenRecorded, DoorEvent
from streams.stages import STAGES
from tests.chaos.guests import changed, guest
from tests.chaos.rig import BACK_S, Rig
from tests.chaos.world import is_correction
from tests.waiting import wait_until

Part = tuple[Sequence[DoorEvent], Sequence[CitizenRecorded]]


def come_and_go(rig: Rig) -> None:
    """Has guests join each stage and leave it, asked to or killed, while the load goes on."""
    with ExitStack() as guests:
        for turn in rig.load.steps(8):
            if turn % 2 == 0:
                stage = STAGES[turn // 2]
                joined = guests.enter_context(guest(rig.stack, stage, 7))
                if rig.draw.random() < 0.5:
                    guests.callback(joined.send, signal.SIGKILL)


def freeze(rig: Rig) -> None:
    """Stops the supervised one of two workers at a random moment until the other has taken over.

    Then it goes on.
    """
    stages = rig.draw.sample(("identify", "screen", "project"), 2)
    with ExitStack() as guests:
        for stage in stages:
            guests.enter_context(guest(rig.stack, stage, 8))
        for turn in rig.load.steps(4):
            rig.pause(0.0, 0.3)
            with rig.frozen(stages[turn % 2]):
                wait_members(rig, stages[turn % 2], 1)
            wait_members(rig, stages[turn % 2], 2)


def zombie(stage: str) -> Callable[[Rig], None]:
    """Returns a schedule in which a guest stops in mid-batch, its outputs made and not written.

    The records after that go to its successor, which does it all. The guest is held while the first
    half comes in, so that its batch is a large one. A small batch may hold nothing that is
    corrected and that anybody sees.
    """

    def run(rig: Rig) -> None:
        trigger = rig.stack.settings.data_dir / f"stop-{stage}"
        (events, citizens), late = halves(rig)
        with guest(
            rig.stack, stage, 7, **changed("stop-before-writing", CHAOS_TRIGGER=str(trigger))
        ) as stopping:
            stopping.send(signal.SIGSTOP)
            rig.load.put([], citizens)
            rig.load.settle()
            rig.load.put(events, [])
            trigger.touch()
            stopping.send(signal.SIGCONT)
            wait_until(
                lambda: not trigger.exists() and stopping.is_stopped,
                BACK_S,
                what=f"{stage} to stop in mid-batch",
            )
            rig.load.put(*late)
            rig.load.settle()
            rig.wait_drained(stage)
            stopping.send(signal.SIGCONT)
            wait_members(rig, stage, 2)

    return run


def halves(rig: Rig) -> tuple[Part, Part]:
    """Splits the world: early rows of the register are those that will be corrected late.

    However small the batch of a zombie, a correction comes after it.
    """
    events, citizens = rig.world.events, rig.world.citizens
    corrected = {citizen.person_number for citizen in citizens if is_correction(citizen)}
    first = [
        citizen
        for citizen in citizens
        if citizen.person_number in corrected and not is_correction(citizen)
    ]
    second = [
        citizen
        for citizen in citizens
        if citizen.person_number not in corrected or is_correction(citizen)
    ]
    half = len(events) // 2
    return (events[:half], first), (events[half:], second)


def wait_members(rig: Rig, stage: str, count: int) -> None:
    """Returns when so many workers share the stage's partitions."""
    admin = AdminClient({"bootstrap.servers": rig.stack.settings.kafka, "log_level": 0})

    def is_shared() -> bool:
        name = group_id(rig.stack.settings, stage)
        group = admin.describe_consumer_groups([name], request_timeout=5)[name].result()
        return group.state == ConsumerGroupState.STABLE and len(group.members) == count

    wait_until(is_shared, BACK_S, what=f"{stage} to have {count} workers", poll_s=0.2)
