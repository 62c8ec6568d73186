"""A worker writes while the group surely holds it for a member, and not a moment longer."""

import asyncio
from dataclasses import dataclass

import pytest

from schemas.contract.errors import Busy
from streams.errors import Superseded
from streams.membership import Membership

SESSION_S = 10.0


@dataclass
class Coordinator:
    """The part of aiokafka that is watched; `seconds` pass while the broker makes up its answer."""

    clock: list[float]
    answered: bool = True
    seconds: float = 0.0

    async def _do_heartbeat(self) -> bool:
        self.clock[0] += self.seconds
        return self.answered


@pytest.fixture
def clock() -> list[float]:
    return [1_000.0]


@pytest.fixture
def membership(clock: list[float]) -> Membership:
    membership = Membership(SESSION_S, clock=lambda: clock[0])
    membership.assigned(3)
    return membership


def beat(membership: Membership, coordinator: Coordinator) -> None:
    membership.watch(coordinator)
    asyncio.run(coordinator._do_heartbeat())


def test_a_member_just_assigned_may_write(membership: Membership) -> None:
    membership.check(3)


def test_a_process_that_slept_through_half_its_session_waits_until_the_broker_confirms_it(
    membership: Membership, clock: list[float]
) -> None:
    clock[0] += SESSION_S / 2 + 0.1
    with pytest.raises(Busy):
        membership.check(3)
    beat(membership, Coordinator(clock))
    membership.check(3)


def test_a_heartbeat_without_an_answer_confirms_nothing(
    membership: Membership, clock: list[float]
) -> None:
    clock[0] += SESSION_S
    beat(membership, Coordinator(clock, answered=False))
    with pytest.raises(Busy):
        membership.check(3)


def test_a_heartbeat_counts_from_when_it_was_sent(
    membership: Membership, clock: list[float]
) -> None:
    """The broker's own count may have begun at any time since."""
    clock[0] += SESSION_S
    beat(membership, Coordinator(clock, seconds=SESSION_S))
    with pytest.raises(Busy):
        membership.check(3)


def test_a_batch_of_an_earlier_generation_is_left_to_others(membership: Membership) -> None:
    membership.revoked()
    with pytest.raises(Busy):
        membership.check(3)
    membership.assigned(4)
    with pytest.raises(Superseded, match="generation 3 of the group has ended"):
        membership.check(3)
    membership.check(4)


def test_a_coordinator_is_watched_once(membership: Membership, clock: list[float]) -> None:
    coordinator = Coordinator(clock)
    membership.watch(coordinator)
    noted = coordinator._do_heartbeat
    membership.watch(coordinator)
    assert coordinator._do_heartbeat == noted
