"""One process of one stage: a Faust app around the stage's runner, with its health and metrics.

This is the composition root of the path: settings, registry, store, producer and reference data
come together here.
"""

import asyncio
import os
import shutil
import signal
from collections.abc import Callable, Collection, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import structlog
from confluent_kafka import Message
from faust.types import TP

from infra import metrics
from infra.errors import InfraError, Unavailable
from infra.kafka.offsets import Place
from infra.kafka.producer import BatchProducer
from infra.kafka.reference import ReferenceFollower
from infra.kafka.registry import Registry
from infra.settings import Settings
from schemas.contract.codec import Codec
from schemas.contract.errors import Busy
from schemas.contract.topics import REFERENCE
from schemas.domain.pseudonyms import Pseudonyms
from streams.batching import SCHEME, BatchingApp, StartingPoint
from streams.dead_letters import DeadLetters
from streams.errors import (
    InputUnseen,
    LogReplaced,
    OffsetGap,
    StageHeld,
    StateLost,
    StreamError,
    Superseded,
)
from streams.health import Health
from streams.identify import Identify
from streams.link import Link
from streams.log_check import DeliveredRecord, LogCheck
from streams.positions import BEGINNING, finished_before, newest_known, start_in
from streams.project import COLUMNS, Project
from streams.runner import Runner
from streams.screen import Screen
from streams.sink import Sink
from streams.stage import CheckOwnership, RawRecord, Stage, Store
from streams.stages import STAGES
from streams.state import StateStore

BATCHES_AT_A_TIME, SINK_BATCHES_AT_A_TIME = 3, 2
"""What comes while the outputs of a batch are on their way is folded, if of other partitions."""
FETCHING, SINK_FETCHING = 0.25, 0.05
"""Parts of a worker's time that fetches may take; in the sink records gather anyway."""
MAX_FETCH_BYTES, MIN_FETCH_BYTES = 4 << 20, 64 << 10
FETCHED_BYTES = 128 << 20
"""All partitions together may be fetched ahead so far, as the broker compressed them."""
FOREVER = 1 << 63
LOOK_S = 5.0
"""The tables are looked at so often: they may be lost while no record comes."""
log = structlog.get_logger()


class StageWorker:
    """Everything one process needs to run one stage.

    `only` names tables of `project` that are replayed beside the live ones, with nothing written
    to the broker.
    """

    def __init__(
        self, stage_name: str, worker: int, settings: Settings, only: Collection[str] = ()
    ) -> None:
        self.settings = settings
        self.only = only
        self.directory: Path = settings.data_dir / "state" / stage_name / str(worker)
        self.codec = Codec(Registry(settings))
        self.reference = ReferenceFollower(settings, self.codec)
        self._noted_reference: Message | None = None
        self.follows_reference = stage_name in REFERENCE.followers
        self.stage, self.store = self._stage_and_store(stage_name)
        self.dead_letters = DeadLetters(stage_name, self.directory, settings)
        self.runner: Runner[Any] = Runner(
            self.stage, self.store, self.codec, BatchProducer(settings), self.dead_letters
        )
        followed = (REFERENCE,) if self.follows_reference else ()
        self.log_check = LogCheck(settings, self.codec, (*self.stage.inputs, *followed))
        self.health = Health(self.dead_letters, settings.session_timeout_s)
        if isinstance(self.store, StateStore):
            self.health.make_checkpoint = partial(self._make_checkpoint, self.store)

    def _stage_and_store(self, name: str) -> tuple[Stage[Any], Store[Any]]:
        if name not in MAKERS:
            raise ValueError(f"no stage is called {name}; there are {', '.join(STAGES)}")
        return MAKERS[name](self)

    def app(self) -> BatchingApp:
        is_sink = isinstance(self.store, Sink)
        app = BatchingApp(
            f"{self.settings.consumer_group}-{self.stage.name}",
            batch_max_records=self.settings.batch_max_records,
            batches_at_a_time=SINK_BATCHES_AT_A_TIME if is_sink else BATCHES_AT_A_TIME,
            gathers=is_sink,
            fetching=SINK_FETCHING if is_sink else FETCHING,
            start_at=self.start_at,
            broker=f"{SCHEME}://{self.settings.kafka}",
            key_serializer="raw",
            value_serializer="raw",
            datadir=str(self.directory / "faust"),
            consumer_auto_offset_reset="earliest",
            consumer_max_fetch_size=self._max_fetch_bytes(),
            broker_max_poll_records=self.settings.batch_max_records,
            broker_session_timeout=self.settings.session_timeout_s,
            broker_heartbeat_interval=self.settings.session_timeout_s / 4,
            broker_commit_interval=1.0,
            # This keeps Faust's own assignor, which gives one worker the same partition of every
            # input; there are no tables to stand by for.
            table_standby_replicas=1,
            topic_allow_declare=False,
            topic_disable_leader=True,
            stream_wait_empty=False,
            web_enabled=False,
        )
        inputs = app.topic(
            *(topic.name for topic in self.stage.inputs),
            key_serializer="raw",
            value_serializer="raw",
        )
        app.agent(inputs, name=self.stage.name, concurrency=app.batches_at_a_time)(self._agent)
        if is_sink:
            app.timer(LOOK_S)(self._look_at_tables)
        return app

    async def _agent(self, stream: Any) -> None:
        async for event in stream.events():
            message = event.message
            consumer = stream.app.consumer
            check_ownership = partial(consumer.membership.check, message.generation_id)
            waits_s = await self.run(message.value, check_ownership)
            if waits_s is not None:
                consumer.batch_done(message, waits_s, self.store.rest_s)

    def _max_fetch_bytes(self) -> int:
        """Returns how much of one partition is fetched at most, if this worker has all of them."""
        of_each = FETCHED_BYTES // (len(self.stage.inputs) * self.settings.partitions)
        return min(MAX_FETCH_BYTES, max(MIN_FETCH_BYTES, of_each))

    def _make_checkpoint(self, state: StateStore) -> None:
        directory = self.directory / "checkpoint"
        shutil.rmtree(directory, ignore_errors=True)
        state.checkpoint(directory)

    def waits_for_log(self) -> str | None:
        """Returns why the stage may not start on the broker's log; None if it may."""
        try:
            return self._log_misfit()
        except (Busy, InfraError) as away:
            return str(away)

    def _log_misfit(self) -> str | None:
        positions = self.store.positions()
        self.health.misfits = self.log_check.misfits(positions)
        self.health.newest_epoch = newest_known(self.log_check.newest_epoch, positions.values())
        if self.health.misfits:
            return self.health.misfits[0].reason
        return self.log_check.unequal_partitions()

    async def start_at(
        self, committed: Mapping[TP, int], unseen: Sequence[str]
    ) -> Mapping[TP, StartingPoint]:
        """Returns where each partition starts, by the store's position and the broker's log.

        Faust calls it on every assignment. A process that does not see an input ends: the next one
        waits for it.
        """
        if unseen:
            await self._stop(InputUnseen(unseen))
        try:
            misfit = await asyncio.to_thread(self._log_misfit)
        except (Busy, Unavailable) as away:
            await self._end(str(away))
        if misfit is not None:
            await self._stop(LogReplaced(misfit))
        points: dict[TP, StartingPoint] = {}
        for tp, offset in committed.items():
            place = tp.topic, tp.partition
            log = self.log_check.known(place)
            position = await self.store.position(*place)
            start = start_in(position, log.epochs, log.log_id)
            points[tp] = StartingPoint(start, finished_before(position, offset, start, log.epochs))
            self.runner.logs[place] = log
            self.runner.replay_until[place] = FOREVER if self.only else points[tp].finished
        left = sum(max(point.finished - point.offset, 0) for point in points.values())
        metrics.STAGE_REPLAY_LEFT.labels(self.stage.name).set(left)
        self.health.assigned = True
        return points

    async def run(
        self, batch: Sequence[Sequence[RawRecord]], check_ownership: CheckOwnership
    ) -> Mapping[Place, float] | None:
        """Runs one batch; returns the places whose records wait, with the seconds.

        Returns None if the batch is no longer this worker's. A rebalance gives every partition out
        anew, those that stay as well: what is left undone of these comes again.
        Whatever goes wrong beyond the guard ends the process: the next one starts from the
        store's positions.
        """
        try:
            await self._note_reference()
            with self.health.batch_in_work():
                return await self.runner.run(batch, check_ownership)
        except Superseded as lost:
            log.info(
                "a batch was left to another",
                stage=self.stage.name,
                partitions=len(batch),
                reason=str(lost),
            )
        except (StageHeld, OffsetGap, StateLost, LogReplaced) as stop:
            await self._stop(stop)
        except Exception as fault:
            log.exception("stage failed", stage=self.stage.name)
            await self._end(type(fault).__name__)
        return None

    async def _look_at_tables(self) -> None:
        """Ends the process where the tables lost what was in them; the next one fills them."""
        assert isinstance(self.store, Sink)
        try:
            await self.store.refuse_lost()
        except Unavailable as away:
            log.debug("the tables cannot be looked at", reason=str(away))
        except StateLost as lost:
            await self._stop(lost)

    async def _note_reference(self) -> None:
        """Keeps which reference data the stage knows, so that another log of it is noticed.

        Raises `LogReplaced` where it is already.
        """
        if self.reference.has_gone_back:
            raise LogReplaced(f"{REFERENCE} is another log, or a shorter one, than was read")
        last = self.reference.last_record
        if last is None or last is self._noted_reference:
            return
        before = await self.store.position(REFERENCE.name, 0) or BEGINNING
        record = DeliveredRecord.of(last)
        position = before.after(record, self.reference.log_id, self.reference.epochs.newest)
        await self.store.commit([], {(REFERENCE.name, 0): position})
        self._noted_reference = last

    async def _stop(self, stop: StreamError) -> None:
        log.error("stage stops", stage=self.stage.name, reason=str(stop))
        await self._end(str(stop))

    async def _end(self, reason: str) -> None:
        self.health.stopped_for = reason
        os.kill(os.getpid(), signal.SIGTERM)
        await asyncio.Event().wait()

    def close(self) -> None:
        if self.follows_reference:
            self.reference.stop()
        self.store.close()


def _link(worker: StageWorker) -> tuple[Stage[Any], Store[Any]]:
    return Link(_pseudonyms(worker)), StateStore(worker.directory / "rocksdb")


def _identify(worker: StageWorker) -> tuple[Stage[Any], Store[Any]]:
    stage = Identify(_pseudonyms(worker), worker.codec, lambda: worker.reference.current.version)
    return stage, StateStore(worker.directory / "rocksdb")


def _screen(worker: StageWorker) -> tuple[Stage[Any], Store[Any]]:
    return Screen(worker.reference), StateStore(worker.directory / "rocksdb")


def _project(worker: StageWorker) -> tuple[Stage[Any], Store[Any]]:
    return Project(worker.only), Sink(worker.settings, Project.name, COLUMNS)


def _pseudonyms(worker: StageWorker) -> Pseudonyms:
    return Pseudonyms(worker.settings.person_key.get_secret_value())


MAKERS: Mapping[str, Callable[[StageWorker], tuple[Stage[Any], Store[Any]]]] = {
    "link": _link,
    "identify": _identify,
    "screen": _screen,
    "project": _project,
}
"""Each stage with its store, in the order of the path."""
