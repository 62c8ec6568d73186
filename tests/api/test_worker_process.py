"""A worker's calls go on side by side, end in bounded time, and cost the door nothing but them."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import psutil
import pytest

from api.backends.worker_messages import WorkerFault
from api.backends.worker_process import WorkerProcess
from api.http.problems import Problem
from infra.errors import TooCostly, Unavailable
from tests.plain_settings import plain_settings
from tests.waiting import wait_until

Use = Callable[[WorkerProcess], Awaitable[None]]


@asynccontextmanager
async def worker(**settings: Any) -> AsyncIterator[WorkerProcess]:
    process = WorkerProcess(plain_settings(**settings), "tests.api.toy_worker", "the toy")
    try:
        yield process
    finally:
        await process.close()


def run(use: Use, **settings: Any) -> None:
    async def used() -> None:
        async with worker(**settings) as process:
            await use(process)

    asyncio.run(used())


def test_calls_are_answered_side_by_side_by_one_process() -> None:
    async def use(toy: WorkerProcess) -> None:
        slow = asyncio.create_task(toy.call("sleep", 30))
        answers = await asyncio.gather(*(toy.call("echo", number, b"x") for number in range(20)))
        assert [arguments for _, arguments in answers] == [(number, b"x") for number in range(20)]
        assert len({pid for pid, _ in answers}) == 1
        slow.cancel()

    run(use)


def test_errors_come_back_as_they_were_raised() -> None:
    async def use(toy: WorkerProcess) -> None:
        with pytest.raises(Problem) as raised:
            await toy.call("problem")
        assert (raised.value.status, raised.value.errors[0].field) == (409, "a")
        with pytest.raises(Problem) as raised:
            await toy.call("place")
        assert raised.value.members == {"place": "post:1"}
        with pytest.raises(TooCostly, match="clickhouse is unavailable: memory"):
            await toy.call("too much")
        with pytest.raises(Unavailable, match="clickhouse is unavailable: gone"):
            await toy.call("away")
        with pytest.raises(WorkerFault, match="ZeroDivisionError: by nothing"):
            await toy.call("fault")
        await toy.call("echo")

    run(use)


def test_a_worker_that_dies_fails_its_calls_and_the_next_one_starts_another() -> None:
    async def use(toy: WorkerProcess) -> None:
        first, _ = await toy.call("echo")
        other = asyncio.create_task(toy.call("sleep", 30))
        await asyncio.sleep(0)
        with pytest.raises(Unavailable, match="it ended"):
            await toy.call("die")
        with pytest.raises(Unavailable, match="it ended"):
            await other
        second, _ = await toy.call("echo")
        assert first != second

    run(use)


def test_a_call_that_takes_too_long_is_left() -> None:
    async def use(toy: WorkerProcess) -> None:
        pid, _ = await toy.call("echo")
        with pytest.raises(Unavailable, match="it took too long"):
            await toy.call("sleep", 30)
        assert (await toy.call("echo"))[0] == pid

    run(use, trace_longest_s=6)


def test_a_call_that_holds_the_worker_costs_it_its_life() -> None:
    async def use(toy: WorkerProcess) -> None:
        pid, _ = await toy.call("echo")
        begun = time.monotonic()
        with pytest.raises(Unavailable):
            await toy.call("hold", 60)
        assert time.monotonic() - begun < 30
        assert (await toy.call("echo"))[0] != pid

    run(use, trace_longest_s=6)


def test_the_door_goes_on_while_the_worker_is_held() -> None:
    async def use(toy: WorkerProcess) -> None:
        await toy.call("echo")
        held, turns = asyncio.create_task(toy.call("hold", 2)), 0
        while not held.done():
            await asyncio.sleep(0.01)
            turns += 1
        assert turns > 20

    run(use)


def test_more_calls_than_a_door_may_have_are_refused_at_once() -> None:
    async def use(toy: WorkerProcess) -> None:
        waiting = [asyncio.create_task(toy.call("sleep", 30)) for _ in range(3)]
        await asyncio.sleep(0)
        with pytest.raises(Unavailable, match="too much to do"):
            await toy.call("echo")
        for task in waiting:
            task.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)
        await toy.call("echo")

    run(use, traces_max=3)


def test_a_worker_ends_with_its_door() -> None:
    pids = list[int]()

    async def use(toy: WorkerProcess) -> None:
        pids.append((await toy.call("echo"))[0])

    run(use)
    wait_until(lambda: not psutil.pid_exists(pids[0]), what="the worker to end")


def test_a_worker_that_nobody_called_costs_nothing() -> None:
    before = psutil.Process().children()

    async def use(toy: WorkerProcess) -> None:
        assert psutil.Process().children() == before

    run(use)
