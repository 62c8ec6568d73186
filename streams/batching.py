"""A Faust transport that hands agents whole batches: one message, with a list for each partition.

Guarantees: a batch has what waits in all partitions of the worker, and one of a partition is in
work at a time. The next one starts where it ended.
After a rebalance every partition starts at the position its stage holds. The offset committed to
the broker is never ahead of a finished batch. `membership` says whether a batch may still be
written.
Faust keeps group membership, rebalancing, agents and the worker.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from typing import Any, NamedTuple

import faust
from faust.transport.drivers import TRANSPORTS
from faust.transport.drivers import aiokafka as driver
from faust.types import TP, ConsumerMessage

from infra.kafka.offsets import Place
from streams.fetch_pace import FetchPace
from streams.fetch_session import use_sessions
from streams.held import HeldRecords
from streams.membership import Membership
from streams.pacing import FULL_ROWS
from streams.stage import RawRecord

FETCH_TIMEOUT_S = 0.3
SCHEME = "batched"
"""Scheme of the broker addresses, as in `batched://localhost:9092`."""
TRANSPORTS.aliases[SCHEME] = "streams.batching:Transport"


class StartingPoint(NamedTuple):
    """Where a partition is read from, and up to where its stage's group had finished it before."""

    offset: int
    finished: int


StartAt = Callable[[Mapping[TP, int], Sequence[str]], Awaitable[Mapping[TP, StartingPoint]]]
"""Callback for the committed offsets of all assigned partitions, and the topics not to be seen."""


class BatchingApp(faust.App):
    """A Faust app that says how large a batch may be, and where partitions start.

    At most `batches_at_a_time` are in work, of different partitions. Where one `gathers`, a small
    batch waits for others to end, and for the rest after them. Fetches may take the part `fetching`
    of the worker's time.
    """

    def __init__(
        self,
        name: str,
        *,
        batch_max_records: int,
        batches_at_a_time: int,
        gathers: bool,
        fetching: float,
        start_at: StartAt,
        **options: Any,
    ):
        super().__init__(name, **options)
        self.batch_max_records = batch_max_records
        self.batches_at_a_time = batches_at_a_time
        self.gathers = gathers
        self.fetching = fetching
        self.start_at = start_at


class Consumer(driver.Consumer):
    """Fetches ahead for every partition, and hands over what waits in all of them."""

    app: BatchingApp

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._held = HeldRecords(self.app.batch_max_records)
        self._batches_in_work = 0
        self._rests_until = 0.0
        """Until then records gather for the next batch."""
        self._fetching: asyncio.Task[Mapping[TP, list[Any]]] | None = None
        self._freed = asyncio.Event()
        self._finished: dict[TP, int] = {}
        """Next offset after the last batch that is wholly in the store.

        What Faust has as acknowledged may have been cut off.
        """
        self._fetch_pace = FetchPace(self.app.fetching)
        self.membership = Membership(self.app.conf.broker_session_timeout)

    async def getmany(self, timeout: float) -> AsyncIterator[tuple[TP, ConsumerMessage]]:  # noqa: ASYNC109 -- Faust's signature
        if not self.flow_active:
            await self.wait(self.can_resume_flow)
        generation = self.app.consumer_generation_id
        batch = [] if self._interrupted(generation) else self._next_batch()
        if not batch:
            await self._receive()
            batch = [] if self._interrupted(generation) else self._next_batch()
        if batch:
            message = _message(batch, generation)
            # Faust drops an offset that is lower than the last one: records that were put back
            # may come again in a smaller batch.
            self._read_offset[message.tp] = None
            yield message.tp, message

    async def perform_seek(self) -> None:
        """Puts every assigned partition where its stage's store is.

        A partition that the store does not know starts at its beginning.
        """
        await self._stop_fetching()
        consumer = self._thread._ensure_consumer()
        self.membership.watch(consumer._coordinator)
        self.membership.assigned(self.app.consumer_generation_id)
        use_sessions(consumer._client)
        self._fetch_pace.watch(consumer._fetcher)
        self._held.clear()
        self._batches_in_work = 0
        self._finished.clear()
        # The group gives the partitions of topics that it does not see to nobody, in silence.
        unseen = [name for name in consumer.subscription() if not self.topic_partitions(name)]
        committed = {tp: offset or 0 for tp, offset in (await self.seek_to_committed()).items()}
        earliest = await self.earliest_offsets(*committed)
        for tp, point in (await self.app.start_at(committed, sorted(unseen))).items():
            start = max(point.offset, earliest.get(tp) or 0)
            await self.seek(tp, start)
            self._read_offset[tp] = None
            self._committed_offset[tp] = point.finished or None
            if start > point.finished:
                # This was finished, but its commit was lost with the process or the partition:
                # the next commit makes up for it.
                self._finished[tp] = start
                self._acked[tp].append(start - 1)

    def batch_done(
        self, message: ConsumerMessage, waits_s: Mapping[Place, float], rest_s: float = 0.0
    ) -> None:
        """Notes that a batch and its positions are in the store.

        Its partitions' next batches may come, after a rest, and their offsets may be committed.
        Records of the places in `waits_s` are not in the store: they come again after so long. The
        agent says so itself, as Faust's compiled stream acknowledges without asking the consumer,
        unfinished batches of a stage that ends included.
        """
        if message.generation_id != self.app.consumer_generation_id:
            return
        now = time.monotonic()
        numbers = set()
        for records in message.value:
            tp = _place_of(records)
            numbers.add(tp.partition)
            if tp in waits_s:
                self._held.put_back(tp, records, now + waits_s[tp])
            else:
                self._finished[tp] = records[-1].offset + 1
                self._acked[tp].append(records[-1].offset)
        self._held.done(numbers)
        self._batches_in_work -= 1
        self._rests_until = now + rest_s
        self._freed.set()

    def verify_event_path(self, now: float, tp: TP) -> None:
        """Does nothing: Faust would take a partition that was idle for minutes for one that hangs.

        It looks at single messages, which a batch does not go by.
        """

    async def on_partitions_revoked(self, revoked: set[TP]) -> None:
        self.membership.revoked()
        self._held.drop(revoked)
        await super().on_partitions_revoked(revoked)

    def _interrupted(self, generation: int) -> bool:
        if self.should_stop or not self.flow_active:
            return True
        return bool(self.app.consumer_generation_id != generation)

    def _next_batch(self) -> list[list[RawRecord]]:
        """Returns what waits in all partitions; nothing while no batch may begin."""
        self._note_fetched()
        if not self._has_room():
            return []
        now = time.monotonic()
        batch = self._held.take(now, FULL_ROWS if self._is_gathering(now) else 1)
        if batch:
            self._batches_in_work += 1
        return batch

    def _has_room(self) -> bool:
        return self._batches_in_work < self.app.batches_at_a_time

    def _is_gathering(self, now: float) -> bool:
        """Returns whether only a full batch may begin now."""
        return now < self._rests_until or (self.app.gathers and self._batches_in_work > 0)

    async def _receive(self) -> None:
        """Waits, for a bounded time, until there may be a batch.

        Records were fetched, a batch has ended, or a rest or a wait has.
        """
        fetching = self._fetch_ahead()
        freed = asyncio.ensure_future(self._freed.wait())
        await asyncio.wait(
            {fetching, freed}, timeout=self._timeout_s(), return_when=asyncio.FIRST_COMPLETED
        )
        freed.cancel()
        self._freed.clear()

    def _timeout_s(self) -> float | None:
        """Returns how long to wait at most, apart from the fetch that is out."""
        if not self._has_room():
            return None
        now = time.monotonic()
        if now < self._rests_until:
            return self._rests_until - now
        wait_ends = self._held.next_wait_ends()
        return None if wait_ends is None else max(0.0, wait_ends - now)

    def _fetch_ahead(self) -> "asyncio.Task[Mapping[TP, list[Any]]]":
        if self._fetching is None:
            self._fetching = asyncio.ensure_future(self._fetch())
        return self._fetching

    def _note_fetched(self) -> None:
        """Takes what a fetch has brought; the next one is out at once."""
        fetching = self._fetching
        if fetching is None or not fetching.done():
            return
        self._fetching = None
        self._held.add(fetching.result())
        self._fetch_ahead()

    async def _fetch(self) -> Mapping[TP, list[Any]]:
        wanted = self._held.places_to_fetch(self._get_active_partitions())
        if not wanted:
            await asyncio.sleep(FETCH_TIMEOUT_S)
            return {}
        return await self._getmany(set(wanted), FETCH_TIMEOUT_S) or {}

    async def _stop_fetching(self) -> None:
        """Reads out what a fetch still brings, and drops it: it is of the positions before."""
        fetching = self._fetching
        self._fetching = None
        if fetching is not None:
            await asyncio.wait({fetching})

    async def _add_gap(self, tp: TP, offset_from: int, offset_to: int) -> None:
        """Does nothing: the records between the last offsets of two batches are in the second."""

    def _new_offset(self, tp: TP) -> int | None:
        self._acked[tp].clear()
        self._acked_index[tp].clear()
        return self._finished.pop(tp, None)


def _place_of(records: Sequence[RawRecord]) -> TP:
    return TP(records[0].topic, records[0].partition)


def _message(batch: Sequence[Sequence[RawRecord]], generation: int) -> ConsumerMessage:
    """Returns the message that brings a batch to an agent, in the name of its first partition."""
    last = batch[0][-1]
    tp = _place_of(batch[0])
    return ConsumerMessage(
        last.topic,
        last.partition,
        last.offset,
        last.timestamp / 1000,
        0,
        (),
        None,
        batch,
        None,
        0,
        0,
        tp,
        generation_id=generation,
    )


class Transport(driver.Transport):
    Consumer = Consumer
