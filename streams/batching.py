"""A Faust transport that hands agents whole batches: one message per partition, a list of records.

Guarantees: one batch of a partition is in work at a time, and the next one starts where it ended.
After a rebalance every partition starts at the position its stage holds. The offset committed to
the broker is never ahead of a finished batch. `membership` says whether a batch may still be
written.
Faust keeps group membership, rebalancing, agents and the worker.
"""

import asyncio
from collections import defaultdict, deque
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from typing import Any, NamedTuple

import faust
from faust.transport.drivers import TRANSPORTS
from faust.transport.drivers import aiokafka as driver
from faust.types import TP, ConsumerMessage

from streams.membership import Membership

FETCH_TIMEOUT_S = 0.3
SCHEME = "batched"
"""Scheme of the broker addresses, as in `batched://localhost:9092`."""
TRANSPORTS.aliases[SCHEME] = "streams.batching:Transport"


class StartingPoint(NamedTuple):
    """Where a partition is read from, and up to where its stage's group had finished it before."""

    offset: int
    finished: int


StartAt = Callable[[Mapping[TP, int]], Awaitable[Mapping[TP, StartingPoint]]]
"""Callback that gets the committed offsets of all assigned partitions."""


class BatchingApp(faust.App):
    """A Faust app that says how large a batch may be, and where partitions start."""

    def __init__(self, name: str, *, batch_max_records: int, start_at: StartAt, **options: Any):
        super().__init__(name, **options)
        self.batch_max_records = batch_max_records
        self.start_at = start_at


class Consumer(driver.Consumer):
    """Fetches ahead for every partition, and hands over one batch of it at a time."""

    app: BatchingApp

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._held: defaultdict[TP, deque[Any]] = defaultdict(deque)
        self._in_work: set[TP] = set()
        self._fetching: asyncio.Task[Mapping[TP, list[Any]]] | None = None
        self._freed = asyncio.Event()
        self._finished: dict[TP, int] = {}
        """Next offset after the last batch that is wholly in the store.

        What Faust has as acknowledged may have been cut off.
        """
        self.membership = Membership(self.app.conf.broker_session_timeout)

    async def getmany(self, timeout: float) -> AsyncIterator[tuple[TP, ConsumerMessage]]:  # noqa: ASYNC109 -- Faust's signature
        if not self.flow_active:
            await self.wait(self.can_resume_flow)
        await self._receive()
        generation = self.app.consumer_generation_id
        for tp in self._ready():
            if self._interrupted(generation):
                return
            self._in_work.add(tp)
            yield tp, self._batch(tp, generation)

    async def perform_seek(self) -> None:
        """Puts every assigned partition where its stage's store is.

        A partition that the store does not know starts at its beginning.
        """
        await self._stop_fetching()
        self.membership.watch(self._thread._ensure_consumer()._coordinator)
        self.membership.assigned(self.app.consumer_generation_id)
        self._held.clear()
        self._in_work.clear()
        self._finished.clear()
        committed = {tp: offset or 0 for tp, offset in (await self.seek_to_committed()).items()}
        earliest = await self.earliest_offsets(*committed)
        for tp, point in (await self.app.start_at(committed)).items():
            start = max(point.offset, earliest.get(tp) or 0)
            await self.seek(tp, start)
            self._read_offset[tp] = None
            self._committed_offset[tp] = point.finished or None
            if start > point.finished:
                # This was finished, but its commit was lost with the process or the partition:
                # the next commit makes up for it.
                self._finished[tp] = start
                self._acked[tp].append(start - 1)

    def batch_done(self, message: ConsumerMessage) -> None:
        """Notes that a batch and its position are in the store.

        The partition's next batch may come, and the offset may be committed. The agent says so
        itself, as Faust's compiled stream acknowledges without asking the consumer, unfinished
        batches of a stage that ends included.
        """
        if message.generation_id == self.app.consumer_generation_id:
            self._finished[message.tp] = message.offset + 1
        self._in_work.discard(message.tp)
        self._freed.set()

    def verify_event_path(self, now: float, tp: TP) -> None:
        """Does nothing: Faust would take a partition that was idle for minutes for one that hangs.

        It looks at single messages, which a batch does not go by.
        """

    async def on_partitions_revoked(self, revoked: set[TP]) -> None:
        self.membership.revoked()
        for tp in revoked:
            self._held.pop(tp, None)
        await super().on_partitions_revoked(revoked)

    def _ready(self) -> list[TP]:
        return [tp for tp, records in self._held.items() if records and tp not in self._in_work]

    def _interrupted(self, generation: int) -> bool:
        if self.should_stop or not self.flow_active:
            return True
        return bool(self.app.consumer_generation_id != generation)

    async def _receive(self) -> None:
        """Waits, for a bounded time, until there are records to hand over.

        The records are newly fetched, or were held back and are free now.
        """
        if self._fetching is None:
            self._fetching = asyncio.ensure_future(self._fetch())
        fetching = self._fetching
        freed = asyncio.ensure_future(self._freed.wait())
        await asyncio.wait({fetching, freed}, return_when=asyncio.FIRST_COMPLETED)
        freed.cancel()
        self._freed.clear()
        # A seek in the meantime has taken the fetch away: what it brought is of the old positions.
        if fetching.done() and self._fetching is fetching:
            self._fetching = None
            for tp, records in fetching.result().items():
                self._held[tp].extend(records)

    async def _fetch(self) -> Mapping[TP, list[Any]]:
        full = 2 * self.app.batch_max_records
        wanted = {tp for tp in self._get_active_partitions() if len(self._held[tp]) < full}
        if not wanted:
            await asyncio.sleep(FETCH_TIMEOUT_S)
            return {}
        return await self._getmany(wanted, FETCH_TIMEOUT_S) or {}

    async def _stop_fetching(self) -> None:
        """Reads out what a fetch still brings, and drops it: it is of the positions before."""
        fetching = self._fetching
        self._fetching = None
        if fetching is not None:
            await asyncio.wait({fetching})

    def _batch(self, tp: TP, generation: int) -> ConsumerMessage:
        held = self._held[tp]
        records = [held.popleft() for _ in range(min(len(held), self.app.batch_max_records))]
        last = records[-1]
        return ConsumerMessage(
            last.topic,
            last.partition,
            last.offset,
            last.timestamp / 1000,
            last.timestamp_type,
            (),
            None,
            records,
            None,
            0,
            0,
            tp,
            generation_id=generation,
        )

    async def _add_gap(self, tp: TP, offset_from: int, offset_to: int) -> None:
        """Does nothing: the records between the last offsets of two batches are in the second."""

    def _new_offset(self, tp: TP) -> int | None:
        self._acked[tp].clear()
        self._acked_index[tp].clear()
        return self._finished.pop(tp, None)


class Transport(driver.Transport):
    Consumer = Consumer
