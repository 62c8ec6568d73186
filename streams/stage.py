"""The shape every stage has: decode a batch, fold it purely, write the outputs and await them, commit effect and position at once.

Guarantees: a record is skipped only as a dead letter, and only a bounded number of them; a batch that cannot be finished now is tried
again, order kept; a crash anywhere repeats outputs with equal ids and loses none.
"""

import asyncio
import time
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, Protocol, Self, TypeVar

import msgspec
import structlog

from infra import metrics
from infra.errors import Unavailable
from infra.kafka.producer import BatchProducer, Output
from schemas.contract.codec import Codec
from schemas.contract.errors import Busy, Poison
from schemas.contract.events import DeadLetter, Event
from schemas.contract.terms import DeadLetterKind
from schemas.contract.topics import DEAD_LETTER_TOPICS, Topic
from streams.dead_letters import DeadLetters
from streams.errors import OffsetGap, StateLost

RETRY_FIRST_S, RETRY_MOST_S = 0.1, 5.0
log = structlog.get_logger()


E_co = TypeVar("E_co", bound=Event, covariant=True)


class Received(msgspec.Struct, Generic[E_co], frozen=True, gc=False):
    """One decoded record."""

    event: E_co
    partition: int
    offset: int


class Sent(msgspec.Struct, frozen=True, gc=False):
    """One event to write, before encoding."""

    topic: Topic
    key: str | None
    event: Event


class Work(Protocol):
    """The effect of a batch while it is made."""

    def nested(self) -> Self: ...

    def absorb(self, child: Self) -> None: ...


W = TypeVar("W", bound=Work)
W_contra = TypeVar("W_contra", bound=Work, contravariant=True)


class Store(Protocol[W]):
    """Holds the effect and, with it, the position."""

    def begin(self) -> W: ...

    async def commit(self, work: W, topic: str, partition: int, next_offset: int) -> None:
        """Raises `Poison` for an effect that it can never hold; then the batch may be committed again in parts, and must be no worse."""

    async def position(self, topic: str, partition: int) -> int | None: ...

    def close(self) -> None: ...


class Stage(Protocol[W_contra]):
    """What a stage adds to the shape. `fold` may be given any cut of the records, in order, and must give the same in sum."""

    name: str
    inputs: tuple[Topic, ...]
    silent_replay: bool
    """Whether outputs of offsets finished before are held back when a lost state is folded again: right where outputs depend on one
    partition's order alone."""

    def fold(self, records: Sequence[Received[Any]], work: W_contra) -> list[Sent]: ...


class RawRecord(Protocol):
    topic: str
    partition: int
    offset: int
    key: bytes | None
    value: bytes | None


CheckOwnership = Callable[[], None]
"""Raises `Busy` or `Superseded` unless the partition is surely this worker's; see `streams/membership.py`."""


def always_ours() -> None:
    """For a runner that shares its partitions with nobody."""


@dataclass(frozen=True, slots=True)
class Failed:
    """A record that a stage cannot use."""

    record: RawRecord
    kind: DeadLetterKind
    reason: str


class Guard(Generic[W]):
    """Folds a batch without the records that fail. Raises what says that the batch itself has to wait, or its state is lost."""

    def __init__(self, stage: Stage[W], store: Store[W], codec: Codec) -> None:
        self._stage, self._store, self._codec = stage, store, codec

    def fold(self, records: Sequence[RawRecord]) -> tuple[W, list[Sent], list[Failed]]:
        """The whole batch at once; if that fails, record by record, so that only the faulty ones are set aside."""
        work, decode = self._store.begin(), self._codec.decode
        try:
            received = [
                Received(decode(record.value), record.partition, record.offset)
                for record in records
            ]
            return work, self._stage.fold(received, work), []
        except (Busy, Unavailable, StateLost):
            raise
        except Exception:  # noqa: BLE001 -- the guard: the cause is found, and named, record by record
            return self._fold_singly(records)

    def _fold_singly(self, records: Sequence[RawRecord]) -> tuple[W, list[Sent], list[Failed]]:
        work, sent, failed = self._store.begin(), list[Sent](), list[Failed]()
        for record in records:
            child = work.nested()
            try:
                received = Received(
                    self._codec.decode(record.value), record.partition, record.offset
                )
                sent += self._stage.fold([received], child)
            except (Busy, Unavailable, StateLost):
                raise
            except Poison as poison:
                failed.append(Failed(record, "poison", str(poison)))
            except Exception as error:
                log.exception(
                    "a stage failed on a record",
                    stage=self._stage.name,
                    topic=record.topic,
                    offset=record.offset,
                )
                failed.append(Failed(record, "unexpected", type(error).__name__))
            else:
                work.absorb(child)
        return work, sent, failed


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
        self._stage, self._store, self._codec = stage, store, codec
        self._guard = Guard(stage, store, codec)
        self._producer, self._dead_letters = producer, dead_letters
        self._alone: defaultdict[int, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._busy = Busyness(stage.name)
        self.replay_until: Mapping[tuple[str, int], int] = {}
        """Offsets below these were finished before: their dead letters are on the broker, and so are their outputs where the stage's
        replay is silent; neither is written again."""

    async def run(
        self, records: Sequence[RawRecord], check_ownership: CheckOwnership = always_ours
    ) -> None:
        """One batch, to its end. Batches of several partitions may run at a time: while the outputs of one are on their way, another is
        folded. Those of one partition number take turns, for they meet in the state, whatever their topic.
        Raises `StageHeld` when there are too many dead letters, `OffsetGap` when records are missing, and what `check_ownership` does."""
        async with self._alone[records[0].partition]:
            with self._busy:
                await self._run(records, check_ownership)

    async def _run(self, records: Sequence[RawRecord], check_ownership: CheckOwnership) -> None:
        topic, partition = records[0].topic, records[0].partition
        boundary = self.replay_until.get((topic, partition), 0)
        finished = bisect_left(records, boundary, key=lambda record: record.offset)
        for part in (records[:finished], records[finished:]):
            if part:
                await self._run_until_done(
                    topic, partition, part, check_ownership, again=part[0].offset < boundary
                )

    async def _from_position(
        self, topic: str, partition: int, records: Sequence[RawRecord]
    ) -> Sequence[RawRecord]:
        position = await self._store.position(topic, partition)
        if position is None or records[0].offset == position:
            return records
        if records[0].offset > position:
            raise OffsetGap(
                f"{topic}[{partition}]: expected offset {position}, got {records[0].offset}"
            )
        return [record for record in records if record.offset >= position]

    async def _run_until_done(
        self,
        topic: str,
        partition: int,
        records: Sequence[RawRecord],
        check_ownership: CheckOwnership,
        *,
        again: bool,
    ) -> None:
        """Asks for the position at every try: what a try left behind, or another process did meanwhile, may have moved it."""
        delay = RETRY_FIRST_S
        while True:
            try:
                if left := await self._from_position(topic, partition, records):
                    await self._run_once(topic, partition, left, check_ownership, again=again)
                return
            except (Busy, Unavailable) as wait:
                metrics.STAGE_RETRIES.labels(self._stage.name).inc()
                log.warning(
                    "stage waits",
                    stage=self._stage.name,
                    topic=topic,
                    partition=partition,
                    reason=str(wait),
                    delay_s=delay,
                )
                await asyncio.sleep(delay)
                delay = min(delay * 2, RETRY_MOST_S)

    async def _run_once(
        self,
        topic: str,
        partition: int,
        records: Sequence[RawRecord],
        check_ownership: CheckOwnership,
        *,
        again: bool,
    ) -> None:
        started = time.perf_counter()
        work, sent, failed = self._guard.fold(records)
        dead = (
            []
            if again
            else [self._dead_letters.letter(one.record, one.kind, one.reason) for one in failed]
        )
        self._dead_letters.refuse_too_many(dead)
        outputs = [] if again and self._stage.silent_replay else [self._output(one) for one in sent]
        outputs += [self._output(_dead_letter_sent(self._stage, letter)) for letter in dead]
        check_ownership()
        await self._producer.write(outputs)
        try:
            await self._store.commit(work, topic, partition, records[-1].offset + 1)
        except Poison as refused:
            return await self._store_apart(
                topic, partition, records, check_ownership, refused, again=again
            )
        self._dead_letters.count(dead)
        if again:
            metrics.STAGE_REPLAY_LEFT.labels(self._stage.name).dec(len(records))
        metrics.STAGE_RECORDS.labels(self._stage.name, topic).inc(len(records))
        metrics.STAGE_BATCH_SECONDS.labels(self._stage.name).observe(time.perf_counter() - started)
        return None

    async def _store_apart(
        self,
        topic: str,
        partition: int,
        records: Sequence[RawRecord],
        check_ownership: CheckOwnership,
        refused: Poison,
        *,
        again: bool,
    ) -> None:
        """Of a batch that the store can never take, each half by itself, until the record at fault is alone and is set aside."""
        if len(records) > 1:
            middle = len(records) // 2
            for half in (records[:middle], records[middle:]):
                await self._run_once(topic, partition, half, check_ownership, again=again)
            return
        dead = [] if again else [self._dead_letters.letter(records[0], "poison", str(refused))]
        self._dead_letters.refuse_too_many(dead)
        await self._producer.write(
            [self._output(_dead_letter_sent(self._stage, letter)) for letter in dead]
        )
        await self._store.commit(self._store.begin(), topic, partition, records[0].offset + 1)
        self._dead_letters.count(dead)

    def _output(self, sent: Sent) -> Output:
        return Output(sent.topic, sent.key, self._codec.encode(sent.event))


class Busyness:
    """Counts the time during which at least one batch is in work."""

    def __init__(self, stage: str) -> None:
        self._stage, self._in_work, self._since = stage, 0, 0.0

    def __enter__(self) -> None:
        self._in_work += 1
        if self._in_work == 1:
            self._since = time.perf_counter()

    def __exit__(self, *fault: object) -> None:
        self._in_work -= 1
        if self._in_work == 0:
            metrics.STAGE_BUSY_SECONDS.labels(self._stage).inc(time.perf_counter() - self._since)


def _dead_letter_sent(stage: Stage[Any], letter: DeadLetter) -> Sent:
    source = next(topic for topic in stage.inputs if topic.name == letter.source_topic)
    return Sent(dead_letter_topic(source), None, letter)


def dead_letter_topic(source: Topic) -> Topic:
    return next(
        (topic for topic in DEAD_LETTER_TOPICS if topic.name == source.dead_letters), source
    )
