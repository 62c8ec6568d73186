"""Runs one stage over batches: writes and awaits outputs, then commits effect and position at once.

Guarantees: only a bounded number of records becomes dead letters. A batch that cannot be finished
now is tried again, order kept. A crash anywhere repeats outputs with equal ids and loses none.
"""

import asyncio
import time
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Generic

import structlog

from infra import metrics
from infra.errors import Unavailable
from infra.kafka.producer import BatchProducer, Output
from schemas.contract.codec import Codec
from schemas.contract.errors import Busy, Poison
from schemas.contract.events import DeadLetter
from schemas.contract.topics import DEAD_LETTER_TOPICS, Topic
from streams.dead_letters import DeadLetters
from streams.errors import LogReplaced, OffsetGap
from streams.log_check import UNKNOWN_LOG, KnownLog
from streams.positions import BEGINNING, Position, start_in
from streams.stage import CheckOwnership, Guard, Outgoing, RawRecord, Stage, Store, W

FIRST_RETRY_S = 0.1
MAX_RETRY_S = 5.0
log = structlog.get_logger()


def always_ours() -> None:
    """Checks nothing, for a runner that shares its partitions with nobody."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Records of one partition, in order."""

    records: Sequence[RawRecord]
    is_replay: bool = False
    """True if all records were finished before, and a lost state is folded again."""
    log: KnownLog = UNKNOWN_LOG
    """The partition's log as it was when the partition was assigned."""

    @property
    def topic(self) -> str:
        return self.records[0].topic

    @property
    def partition(self) -> int:
        return self.records[0].partition

    @property
    def epoch(self) -> int:
        """The epoch of its records, which is one for all."""
        return self.log.epochs.epoch_at(self.records[0].offset)

    def position_after(self, before: Position | None) -> Position:
        """Returns the position behind its last record."""
        newest = self.log.epochs.newest
        return (before or BEGINNING).after(self.records[-1], self.log.log_id, newest)


class Runner(Generic[W]):
    """Runs one stage over batches of one partition at a time."""

    def __init__(
        self,
        stage: Stage[W],
        store: Store[W],
        codec: Codec,
        producer: BatchProducer,
        dead_letters: DeadLetters,
    ) -> None:
        self._stage = stage
        self._store = store
        self._codec = codec
        self._guard = Guard(stage, store, codec)
        self._producer = producer
        self._dead_letters = dead_letters
        self._turns: defaultdict[int, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._busy = BusyClock(stage.name)
        self.replay_until: dict[tuple[str, int], int] = {}
        """Offsets below these were finished before, by topic and partition.

        Their dead letters are on the broker, and so are their outputs where the stage's replay is
        silent: neither is written again.
        """
        self.logs: dict[tuple[str, int], KnownLog] = {}
        """The log of each assigned partition; without one, every record is of epoch 0."""

    async def run(
        self, records: Sequence[RawRecord], check_ownership: CheckOwnership = always_ours
    ) -> None:
        """Runs one batch to its end.

        Batches of several partitions may run at a time: while the outputs of one are on their way,
        another is folded. Those of one partition number take turns, as they share the state,
        whatever their topic.
        Raises `StageHeld` when there are too many dead letters, `OffsetGap` when records are
        missing, and what `check_ownership` raises.
        """
        async with self._turns[records[0].partition]:
            with self._busy:
                await self._run(records, check_ownership)

    async def _run(self, records: Sequence[RawRecord], check_ownership: CheckOwnership) -> None:
        place = records[0].topic, records[0].partition
        log = self.logs.get(place, UNKNOWN_LOG)
        replay_until = self.replay_until.get(place, 0)
        boundaries = {replay_until, *(span.first_offset for span in log.epochs.spans)}
        for part in _parts(records, boundaries):
            is_replay = part[-1].offset < replay_until
            await self._run_until_done(Batch(part, is_replay, log), check_ownership)

    async def _run_until_done(self, batch: Batch, check_ownership: CheckOwnership) -> None:
        """Tries until the batch is finished.

        Each try reads the position: an earlier one, or another process, may have moved it.
        """
        delay_s = FIRST_RETRY_S
        while True:
            try:
                left = await self._from_position(batch)
                if left.records:
                    await self._run_once(left, check_ownership)
                return
            except (Busy, Unavailable) as wait:
                metrics.STAGE_RETRIES.labels(self._stage.name).inc()
                log.warning(
                    "stage waits",
                    stage=self._stage.name,
                    topic=batch.topic,
                    partition=batch.partition,
                    reason=str(wait),
                    delay_s=delay_s,
                )
                await asyncio.sleep(delay_s)
                delay_s = min(delay_s * 2, MAX_RETRY_S)

    async def _from_position(self, batch: Batch) -> Batch:
        """Returns what of the batch is not in the store yet.

        Raises `LogReplaced` where earlier records come again that are not the ones read before.
        """
        position = await self._store.position(batch.topic, batch.partition)
        first = batch.records[0].offset
        if position is None:
            return batch
        expected = start_in(position, batch.log.epochs, batch.log.log_id)
        if first == expected:
            return batch
        if first > expected:
            raise OffsetGap(
                f"{batch.topic}[{batch.partition}]: expected offset {expected}, got {first}"
            )
        _refuse_other_records(batch, position)
        left = [record for record in batch.records if record.offset >= expected]
        return replace(batch, records=left)

    async def _run_once(self, batch: Batch, check_ownership: CheckOwnership) -> None:
        started = time.perf_counter()
        work, outgoing, failed = self._guard.fold(batch.records, batch.epoch)
        dead: list[DeadLetter] = []
        if not batch.is_replay:
            dead = [
                self._dead_letters.letter(failure.record, failure.kind, failure.reason)
                for failure in failed
            ]
        self._dead_letters.refuse_too_many(dead)
        if batch.is_replay and self._stage.silent_replay:
            outgoing = []
        outputs = [self._output(event) for event in outgoing]
        outputs += self._dead_letter_outputs(dead)
        check_ownership()
        await self._producer.write(outputs)
        try:
            await self._commit(work, batch)
        except Poison as refused:
            await self._commit_in_halves(batch, check_ownership, refused)
            return
        self._dead_letters.count(dead)
        self._count(batch, time.perf_counter() - started)

    async def _commit_in_halves(
        self, batch: Batch, check_ownership: CheckOwnership, refused: Poison
    ) -> None:
        """Runs each half of a batch that the store can never hold, until one record is left.

        Each half is folded and written again; consumers drop equal ids. The one record left is at
        fault and becomes a dead letter. Its ownership is not checked again: `_run_once` checked it
        just before. A letter that another worker writes too has the same source and makes one row.
        """
        if len(batch.records) > 1:
            middle = len(batch.records) // 2
            for half in (batch.records[:middle], batch.records[middle:]):
                await self._run_once(replace(batch, records=half), check_ownership)
            return
        dead: list[DeadLetter] = []
        if not batch.is_replay:
            dead = [self._dead_letters.letter(batch.records[0], "poison", str(refused))]
        self._dead_letters.refuse_too_many(dead)
        await self._producer.write(self._dead_letter_outputs(dead))
        await self._commit(self._store.begin(), batch)
        self._dead_letters.count(dead)

    async def _commit(self, work: W, batch: Batch) -> None:
        before = await self._store.position(batch.topic, batch.partition)
        after = batch.position_after(before)
        await self._store.commit(work, batch.topic, batch.partition, after)

    def _output(self, outgoing: Outgoing) -> Output:
        return Output(outgoing.topic, outgoing.key, self._codec.encode(outgoing.event))

    def _dead_letter_outputs(self, letters: Sequence[DeadLetter]) -> list[Output]:
        return [self._output(_dead_letter_event(self._stage, letter)) for letter in letters]

    def _count(self, batch: Batch, seconds: float) -> None:
        stage = self._stage.name
        records = len(batch.records)
        if batch.is_replay:
            metrics.STAGE_REPLAY_LEFT.labels(stage).dec(records)
        metrics.STAGE_RECORDS.labels(stage, batch.topic).inc(records)
        metrics.STAGE_BATCH_SECONDS.labels(stage).observe(seconds)


def _parts(
    records: Sequence[RawRecord], boundaries: Iterable[int]
) -> Iterator[Sequence[RawRecord]]:
    """Cuts a batch before each of these offsets; mostly there is nothing to cut."""
    begun = 0
    for boundary in sorted(boundaries):
        end = bisect_left(records, boundary, key=lambda record: record.offset)
        if end > begun:
            yield records[begun:end]
            begun = end
    if begun < len(records):
        yield records[begun:]


def _refuse_other_records(batch: Batch, position: Position) -> None:
    """Raises `LogReplaced` unless a marked record shows that these were read before."""
    last = batch.records[-1].offset
    offsets = {record.offset: record for record in batch.records}
    marks = [mark for mark in position.marks if batch.records[0].offset <= mark.offset <= last]
    same = [mark.is_of(offsets[mark.offset]) for mark in marks if mark.offset in offsets]
    if not all(same) or (position.marks and not same and last < position.next_offset):
        raise LogReplaced(
            f"{batch.topic}[{batch.partition}]: records up to {last} come again, and are not those "
            f"read before position {position.next_offset}"
        )


class BusyClock:
    """Counts the time during which at least one batch is in work."""

    def __init__(self, stage: str) -> None:
        self._stage = stage
        self._in_work = 0
        self._since = 0.0

    def __enter__(self) -> None:
        self._in_work += 1
        if self._in_work == 1:
            self._since = time.perf_counter()

    def __exit__(self, *fault: object) -> None:
        self._in_work -= 1
        if self._in_work == 0:
            metrics.STAGE_BUSY_SECONDS.labels(self._stage).inc(time.perf_counter() - self._since)


def _dead_letter_event(stage: Stage[Any], letter: DeadLetter) -> Outgoing:
    source = next(topic for topic in stage.inputs if topic.name == letter.source_topic)
    return Outgoing(dead_letter_topic(source), None, letter)


def dead_letter_topic(source: Topic) -> Topic:
    for topic in DEAD_LETTER_TOPICS:
        if topic.name == source.dead_letters:
            return topic
    return source
