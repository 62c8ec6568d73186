"""Runs one stage over batches: writes and awaits outputs, then commits effects and positions.

A batch spans all partitions of its worker. It has one fold for each, and for all of them one flush
of the outputs and one commit.

Guarantees: only a bounded number of records becomes dead letters. A batch that cannot be finished
now is tried again, order kept. A partition whose records must wait holds back no other. A crash
anywhere repeats outputs with equal ids and loses none.
"""

import asyncio
import time
from collections import defaultdict, deque
from collections.abc import Collection, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from typing import Generic

import structlog

from infra import metrics
from infra.errors import Unavailable
from infra.kafka.offsets import Place
from infra.kafka.producer import BatchProducer, Output
from schemas.contract.codec import Codec
from schemas.contract.errors import Busy, Poison
from schemas.contract.events import DeadLetter
from streams.busy_clock import BusyClock
from streams.dead_letters import DeadLetters, dead_letter_topic
from streams.log_check import UNKNOWN_LOG, KnownLog
from streams.positions import Position
from streams.share import Share, halves, shares_of
from streams.stage import CheckOwnership, Failed, Guard, Outgoing, RawRecord, Stage, Store, W

FIRST_RETRY_S = 0.1
MAX_RETRY_S = 5.0
log = structlog.get_logger()


def always_ours() -> None:
    """Checks nothing, for a runner that shares its partitions with nobody."""


@dataclass(slots=True)
class Folded(Generic[W]):
    """What the shares of a batch came to."""

    shares: list[Share] = field(default_factory=list)
    works: dict[int, W] = field(default_factory=dict)
    """The effects, by number of the partition: partitions with one number share keys."""
    outgoing: list[Outgoing] = field(default_factory=list)
    failed: list[Failed] = field(default_factory=list)


class Runner(Generic[W]):
    """Runs one stage over batches of all partitions that have records."""

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
        self._delays_s: dict[Place, float] = {}
        """The last delay of each place whose records wait."""
        self.replay_until: dict[Place, int] = {}
        """Offsets below these were finished before, by topic and partition.

        Their dead letters are on the broker, and so are their outputs where the stage's replay is
        silent: neither is written again.
        """
        self.logs: dict[Place, KnownLog] = {}
        """The log of each assigned partition; without one, every record is of epoch 0."""

    async def run(
        self,
        batch: Sequence[Sequence[RawRecord]],
        check_ownership: CheckOwnership = always_ours,
    ) -> Mapping[Place, float]:
        """Runs one batch to its end; it has a list of records for each of its partitions.

        Returns the places whose records wait, with the seconds until they may be tried again: of
        these nothing, or only the beginning, is in the store.
        Several batches may run at a time: while the outputs of one are on their way, another is
        folded. Those with a partition number in common take turns, as they share the state,
        whatever their topics.
        Raises `StageHeld` when there are too many dead letters, `OffsetGap` when records are
        missing, and what `check_ownership` raises.
        """
        numbers = {records[0].partition for records in batch}
        async with AsyncExitStack() as turns:
            for number in sorted(numbers):
                await turns.enter_async_context(self._turns[number])
            with self._busy:
                return await self._run(batch, check_ownership)

    async def _run(
        self, batch: Sequence[Sequence[RawRecord]], check_ownership: CheckOwnership
    ) -> Mapping[Place, float]:
        """Runs the first share of every partition together, then the second where there is one."""
        left = [self._shares(records) for records in batch]
        waits_s: dict[Place, float] = {}
        while left:
            first = [shares.popleft() for shares in left]
            waits_s.update(await self._run_until_done(first, check_ownership))
            left = [shares for shares in left if shares and shares[0].place not in waits_s]
        return waits_s

    def _shares(self, records: Sequence[RawRecord]) -> deque[Share]:
        place = records[0].topic, records[0].partition
        replay_until = self.replay_until.get(place, 0)
        return deque(shares_of(records, replay_until, self.logs.get(place, UNKNOWN_LOG)))

    async def _run_until_done(
        self, shares: Sequence[Share], check_ownership: CheckOwnership
    ) -> Mapping[Place, float]:
        """Tries until the shares are finished, but for those whose records wait.

        Each try reads the positions: an earlier one, or another process, may have moved them. What
        is tried again has the same records, so that an insert that came through is recognised.
        """
        delay_s = FIRST_RETRY_S
        waits_s: dict[Place, float] = {}
        while True:
            try:
                left = await self._unfinished(shares, waits_s)
                await self._run_once(left, check_ownership, waits_s)
                return waits_s
            except (Busy, Unavailable) as wait:
                self._log_wait(shares, wait, delay_s)
                await asyncio.sleep(delay_s)
                delay_s = min(delay_s * 2, MAX_RETRY_S)

    async def _unfinished(self, shares: Sequence[Share], waits_s: Collection[Place]) -> list[Share]:
        """Returns what of the shares is neither in the store yet nor waits."""
        left = []
        for share in shares:
            if share.place in waits_s:
                continue
            unfinished = share.from_position(await self._store.position(*share.place))
            if unfinished.records:
                left.append(unfinished)
        return left

    async def _run_once(
        self,
        shares: Sequence[Share],
        check_ownership: CheckOwnership,
        waits_s: dict[Place, float],
    ) -> None:
        """Runs shares of different partitions, and notes in `waits_s` which of them wait."""
        started = time.perf_counter()
        folded = self._fold(shares, waits_s)
        if not folded.shares:
            return
        dead = self._letters(folded.failed)
        self._dead_letters.refuse_too_many(dead)
        outputs = [self._output(event) for event in folded.outgoing]
        outputs += self._dead_letter_outputs(dead)
        check_ownership()
        await self._producer.write(outputs)
        try:
            await self._commit(list(folded.works.values()), folded.shares)
        except Poison as refused:
            await self._run_halves(folded.shares, check_ownership, waits_s, str(refused))
            return
        self._dead_letters.count(dead)
        self._count(folded.shares, time.perf_counter() - started)

    def _fold(self, shares: Sequence[Share], waits_s: dict[Place, float]) -> Folded[W]:
        """Folds each share; one that has to wait is left out, and the others are folded."""
        folded: Folded[W] = Folded()
        for share in shares:
            number = share.partition
            below = folded.works.get(number)
            try:
                work, outgoing, failed = self._guard.fold(share.records, share.epoch, below)
            except (Busy, Unavailable) as wait:
                waits_s[share.place] = self._delay_s(share, wait)
                continue
            if below is None:
                folded.works[number] = work
            else:
                below.absorb(work)
            folded.shares.append(share)
            if not share.is_replay:
                folded.failed += failed
            if not (share.is_replay and self._stage.silent_replay):
                folded.outgoing += outgoing
            self._delays_s.pop(share.place, None)
        return folded

    def _delay_s(self, share: Share, wait: Exception) -> float:
        """Returns how long a share waits: longer each time in a row."""
        delay_s = min(self._delays_s.get(share.place, FIRST_RETRY_S / 2) * 2, MAX_RETRY_S)
        self._delays_s[share.place] = delay_s
        self._log_wait([share], wait, delay_s)
        return delay_s

    def _log_wait(self, shares: Sequence[Share], wait: Exception, delay_s: float) -> None:
        metrics.STAGE_RETRIES.labels(self._stage.name).inc()
        log.warning(
            "stage waits",
            stage=self._stage.name,
            topic=shares[0].topic,
            partition=shares[0].partition,
            partitions=len(shares),
            reason=str(wait),
            delay_s=delay_s,
        )

    async def _run_halves(
        self,
        shares: Sequence[Share],
        check_ownership: CheckOwnership,
        waits_s: dict[Place, float],
        refused: str,
    ) -> None:
        """Runs each half of a batch that the store can never hold, until one record is left.

        First the partitions are halved, then the records of the one at fault. Each half is folded
        and written again; consumers drop equal ids. The one record left becomes a dead letter.
        """
        if len(shares) == 1 and len(shares[0].records) == 1:
            await self._set_aside(shares[0], refused)
            return
        for half in halves(shares):
            if half[0].place in waits_s:
                return  # these records follow others that wait
            await self._run_once(half, check_ownership, waits_s)

    async def _set_aside(self, share: Share, reason: str) -> None:
        """Makes a dead letter of a share's one record, and moves its position.

        Its ownership is not checked again: `_run_once` checked it just before. A letter that
        another worker writes too has the same source and makes one row.
        """
        dead = (
            [] if share.is_replay else self._letters([Failed(share.records[0], "poison", reason)])
        )
        self._dead_letters.refuse_too_many(dead)
        await self._producer.write(self._dead_letter_outputs(dead))
        await self._commit([], [share])
        self._dead_letters.count(dead)

    async def _commit(self, works: Sequence[W], shares: Sequence[Share]) -> None:
        positions: dict[Place, Position] = {}
        for share in shares:
            before = await self._store.position(*share.place)
            positions[share.place] = share.position_after(before)
        await self._store.commit(works, positions)

    def _letters(self, failed: Sequence[Failed]) -> list[DeadLetter]:
        return [
            self._dead_letters.letter(failure.record, failure.kind, failure.reason)
            for failure in failed
        ]

    def _output(self, outgoing: Outgoing) -> Output:
        return Output(outgoing.topic, outgoing.key, self._codec.encode(outgoing.event))

    def _dead_letter_outputs(self, letters: Sequence[DeadLetter]) -> list[Output]:
        return [
            self._output(Outgoing(dead_letter_topic(self._stage.inputs, letter), None, letter))
            for letter in letters
        ]

    def _count(self, shares: Sequence[Share], seconds: float) -> None:
        stage = self._stage.name
        for share in shares:
            records = len(share.records)
            if share.is_replay:
                metrics.STAGE_REPLAY_LEFT.labels(stage).dec(records)
            metrics.STAGE_RECORDS.labels(stage, share.topic).inc(records)
        metrics.STAGE_BATCH_SECONDS.labels(stage).observe(seconds)
