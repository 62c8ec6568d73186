"""The consumer hands a batch over as soon as there may be one, whatever it waits for meanwhile."""

import asyncio
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable
from types import SimpleNamespace
from typing import Any

import pytest
from faust.types import TP

from infra.kafka.offsets import Place
from streams.batching import Consumer
from streams.held import HeldRecords
from tests.streams.stage_bench import Record

HERE, THERE = TP("journal", 0), TP("journal", 1)
LONG_S = 20.0
SOON_S = 5.0
"""Longer than any of it takes, and shorter than a fetch that brings nothing."""


class Fed(Consumer):
    """A consumer without its connections, whose fetches bring what a test puts there."""

    flow_active = True
    should_stop = False
    app: Any = SimpleNamespace(consumer_generation_id=3, batches_at_a_time=1, gathers=False)

    def __init__(self) -> None:
        self.coming: asyncio.Queue[dict[Place, list[Record]]] = asyncio.Queue()
        self._held = HeldRecords(100)
        self._batches_in_work = 0
        self._rests_until = 0.0
        self._fetching = None
        self._freed = asyncio.Event()
        self._finished = {}
        self._acked: defaultdict[TP, list[int]] = defaultdict(list)
        self._read_offset: dict[TP, int | None] = {}

    def _get_active_partitions(self) -> set[TP]:
        return {HERE, THERE}

    async def _getmany(self, active_partitions: Any, timeout: float) -> Any:  # noqa: ASYNC109 -- Faust's signature
        return await self.coming.get()

    def bring(self, place: TP, *offsets: int) -> None:
        self.coming.put_nowait({place: [Record(b"", offset, *place) for offset in offsets]})

    async def next_message(self) -> Any:
        """Returns the next batch's message, as Faust's loop gets it."""
        while True:
            async for _, message in self.getmany(1.0):
                return message


def offsets(message: Any) -> dict[Place, list[int]]:
    return {
        (records[0].topic, records[0].partition): [record.offset for record in records]
        for records in message.value
    }


def running(test: Callable[[Fed], Awaitable[None]]) -> None:
    async def run() -> None:
        consumer = Fed()
        await test(consumer)
        if consumer._fetching is not None:
            consumer._fetching.cancel()

    began = time.monotonic()
    asyncio.run(asyncio.wait_for(run(), LONG_S))
    assert time.monotonic() - began < SOON_S


def test_a_record_is_handed_over_when_its_fetch_brings_it() -> None:
    async def test(consumer: Fed) -> None:
        consumer.bring(HERE, 1, 2)
        message = await consumer.next_message()
        assert offsets(message) == {HERE: [1, 2]}
        assert (message.tp, message.offset, message.generation_id) == (HERE, 2, 3)

    running(test)


def test_what_came_during_a_batch_is_the_next_one_when_it_ends() -> None:
    async def test(consumer: Fed) -> None:
        consumer.bring(HERE, 1)
        first = await consumer.next_message()
        waiting = asyncio.ensure_future(consumer.next_message())
        for place, offset in ((HERE, 2), (THERE, 7), (HERE, 3)):
            consumer.bring(place, offset)
            await asyncio.sleep(0.01)
        assert not waiting.done()
        consumer.batch_done(first, {})
        assert offsets(await waiting) == {HERE: [2, 3], THERE: [7]}

    running(test)


def test_records_that_wait_come_again_after_their_delay_though_no_fetch_brings_any() -> None:
    async def test(consumer: Fed) -> None:
        consumer.bring(HERE, 1)
        consumer.batch_done(await consumer.next_message(), {HERE: 0.05})
        again = await consumer.next_message()
        assert offsets(again) == {HERE: [1]}
        assert consumer._finished == {}

    running(test)


def test_a_batch_that_comes_again_smaller_is_no_old_offset_to_faust() -> None:
    async def test(consumer: Fed) -> None:
        consumer._read_offset[HERE] = 99
        consumer.bring(HERE, 1)
        await consumer.next_message()
        assert consumer._read_offset == {HERE: None}

    running(test)


@pytest.mark.parametrize("rest_s", [0.0, 0.1])
def test_a_rest_ends_by_itself(rest_s: float) -> None:
    async def test(consumer: Fed) -> None:
        consumer.bring(HERE, 1)
        consumer.batch_done(await consumer.next_message(), {}, rest_s)
        began = time.monotonic()
        consumer.bring(HERE, 2)
        await asyncio.sleep(0.01)
        consumer.bring(THERE, 2)
        message = await consumer.next_message()
        assert time.monotonic() - began >= rest_s - 0.01
        if rest_s:
            assert offsets(message) == {HERE: [2], THERE: [2]}

    running(test)


def test_nothing_is_handed_over_once_the_partitions_are_given_out_anew() -> None:
    async def test(consumer: Fed) -> None:
        waiting = asyncio.ensure_future(anext(aiter(consumer.getmany(1.0)), None))
        await asyncio.sleep(0.01)
        consumer.app = SimpleNamespace(**{**vars(Fed.app), "consumer_generation_id": 4})
        consumer.bring(HERE, 1)
        assert await waiting is None

    running(test)
