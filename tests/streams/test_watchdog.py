"""A process that hangs is known by what is silent; a long fold is work, however long it takes."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from streams.dead_letters import DeadLetters
from streams.health import BLOCKED_S, Health
from streams.membership import Membership
from streams.watchdog import HUNG_SESSIONS, LOOK_S, Watchdog
from tests.plain_settings import plain_settings
from tests.waiting import wait_until

SESSION_S = 10.0
LOOKS = round(HUNG_SESSIONS * SESSION_S / LOOK_S) + 2
"""So many looks lie just beyond the bound."""


class Process:
    """What the watchdog sees of a process: two event loops, a coordinator, and batches."""

    def __init__(self, directory: Path) -> None:
        self.now = 1_000.0
        settings = plain_settings(data_dir=directory)
        self.health = Health(DeadLetters("link", directory, settings), SESSION_S, lambda: self.now)
        self.health.assigned = True
        self.main, self.consumers = asyncio.new_event_loop(), asyncio.new_event_loop()
        self.ended = SimpleNamespace(done=lambda: False)
        coordinator = SimpleNamespace(_coordination_task=self.ended, _error_consumed_fut=None)
        self.coordinator: Any = coordinator
        self.membership = Membership(SESSION_S, clock=lambda: self.now)
        self.membership.assigned(1)
        aiokafka = SimpleNamespace(_coordinator=coordinator)
        thread = SimpleNamespace(thread_loop=self.consumers, _consumer=aiokafka)
        consumer = SimpleNamespace(membership=self.membership, _thread=thread)
        app = SimpleNamespace(_consumer=consumer)
        self.watchdog = Watchdog(self.health, self.main, app, SESSION_S)

    def look(self, *running: asyncio.AbstractEventLoop, looks: int = LOOKS) -> None:
        """Has the watchdog look so often, while only these loops run what they are given."""
        for _ in range(looks):
            self.watchdog.look()
            for loop in running:
                loop.run_until_complete(asyncio.sleep(0))

    def livez(self) -> tuple[int, str]:
        status, _, body = self.health.response("/livez")
        return int(status), body.decode().strip()

    def readyz(self) -> tuple[int, str]:
        status, _, body = self.health.response("/readyz")
        return int(status), body.decode().strip()


@pytest.fixture
def process(tmp_path: Path) -> Iterator[Process]:
    process = Process(tmp_path)
    yield process
    process.main.close()
    process.consumers.close()


@contextmanager
def died(process: Process) -> Iterator[None]:
    process.ended.done = lambda: True
    yield
    process.ended.done = lambda: False


def test_a_process_whose_loops_run_lives_and_is_ready(process: Process) -> None:
    process.look(process.main, process.consumers)
    assert (process.livez(), process.readyz()) == ((200, "live"), (200, "ready"))


def test_a_silent_event_loop_without_a_batch_is_hung(process: Process) -> None:
    process.look(process.consumers)
    assert process.livez()[0] == 503
    assert "event loop has been silent" in process.livez()[1]
    assert process.readyz()[0] == 503


def test_a_silence_within_the_bound_is_not_hung_but_not_ready_either(process: Process) -> None:
    process.look(process.consumers, looks=round(BLOCKED_S / LOOK_S) + 2)
    assert process.livez()[0] == 200
    assert process.readyz() == (503, "its event loop has been silent for 6 s")


def test_a_fold_that_goes_on_for_an_hour_lives_and_says_so(process: Process) -> None:
    with process.health.batch_in_work():
        process.look(process.consumers, looks=round(3_600 / LOOK_S) + 1)
        assert process.livez()[0] == 200
        assert process.readyz() == (503, "busy with a batch for 3600 s")
    process.look(process.main, process.consumers, looks=2)
    assert process.readyz()[0] == 200


def test_a_coordinator_that_died_is_hung_also_while_a_batch_waits_for_it(
    process: Process,
) -> None:
    with died(process), process.health.batch_in_work():
        process.look(process.main, process.consumers)
        assert process.livez()[0] == 503
        assert "left the group" in process.livez()[1]


def test_a_coordinator_that_died_during_a_long_fold_is_hung_when_the_fold_is_done(
    process: Process,
) -> None:
    with died(process):
        with process.health.batch_in_work():
            process.look(process.consumers)
            assert process.livez()[0] == 200
        process.look(process.main, process.consumers, looks=2)
        assert process.livez()[0] == 503


def test_a_coordinator_whose_error_nobody_reads_is_dead(process: Process) -> None:
    process.coordinator._error_consumed_fut = SimpleNamespace(done=lambda: False)
    process.look(process.main, process.consumers)
    assert process.livez()[0] == 503


def test_a_silent_thread_of_the_consumer_is_hung(process: Process) -> None:
    process.look(process.main)
    assert "consumer has been silent" in process.livez()[1]


def test_a_stage_that_the_broker_no_longer_confirms_is_not_ready_and_not_ended(
    process: Process,
) -> None:
    process.look(process.main, process.consumers)
    process.now += SESSION_S + 5
    assert process.readyz() == (
        503,
        "the broker has not confirmed for 15 s that it is in its group",
    )
    assert process.livez()[0] == 200
    process.membership.confirmed_at = process.now
    assert process.readyz()[0] == 200


def test_a_process_without_a_consumer_yet_is_only_not_ready(tmp_path: Path) -> None:
    health = Health(DeadLetters("link", tmp_path, plain_settings(data_dir=tmp_path)), SESSION_S)
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    watchdog = Watchdog(health, loop, SimpleNamespace(_consumer=None), SESSION_S)
    watchdog.look()
    wait_until(lambda: not watchdog._main._is_waiting, what="the loop to answer")
    loop.call_soon_threadsafe(loop.stop)
    thread.join()
    loop.close()
    assert health.not_ready_because() == "no partitions assigned yet"
    assert health.hangs_because is None
