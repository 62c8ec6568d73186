"""One process of one stage: a Faust app around the stage's runner, with its health and metrics.

This is the composition root of the path: settings, registry, store, producer and reference data
come together here.
"""

import asyncio
import os
import signal
from collections.abc import Callable, Collection, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import structlog
from faust.types import TP

from infra import metrics
from infra.kafka.producer import BatchProducer
from infra.kafka.reference import ReferenceFollower
from infra.kafka.registry import Registry
from infra.settings import Settings
from schemas.contract.codec import Codec
from schemas.contract.topics import REFERENCE
from schemas.domain.pseudonyms import Pseudonyms
from streams.batching import SCHEME, BatchingApp
from streams.dead_letters import DeadLetters
from streams.errors import OffsetGap, StageHeld, StateLost, Superseded
from streams.health import Health
from streams.identify import Identify
from streams.link import Link
from streams.project import COLUMNS, Project
from streams.runner import Runner
from streams.screen import Screen
from streams.sink import Sink
from streams.stage import CheckOwnership, Stage, Store
from streams.stages import STAGES
from streams.state import StateStore

BATCHES_AT_A_TIME = 3
"""One batch is folded while the outputs of others, of other partitions, are on their way."""
FOREVER = 1 << 63
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
        self.follows_reference = stage_name in REFERENCE.followers
        self.stage, self.store = self._stage_and_store(stage_name)
        self.dead_letters = DeadLetters(stage_name, self.directory, settings)
        self.runner: Runner[Any] = Runner(
            self.stage, self.store, self.codec, BatchProducer(settings), self.dead_letters
        )
        self.health = Health(self.dead_letters)

    def _stage_and_store(self, name: str) -> tuple[Stage[Any], Store[Any]]:
        if name not in MAKERS:
            raise ValueError(f"no stage is called {name}; there are {', '.join(STAGES)}")
        return MAKERS[name](self)

    def app(self) -> BatchingApp:
        app = BatchingApp(
            f"{self.settings.consumer_group}-{self.stage.name}",
            batch_max_records=self.settings.batch_max_records,
            start_at=self.start_at,
            broker=f"{SCHEME}://{self.settings.kafka}",
            key_serializer="raw",
            value_serializer="raw",
            datadir=str(self.directory / "faust"),
            consumer_auto_offset_reset="earliest",
            consumer_max_fetch_size=4 << 20,
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
        app.agent(inputs, name=self.stage.name, concurrency=BATCHES_AT_A_TIME)(self._agent)
        return app

    async def _agent(self, stream: Any) -> None:
        async for event in stream.events():
            message = event.message
            consumer = stream.app.consumer
            check_ownership = partial(consumer.membership.check, message.generation_id)
            if await self.run(message.value, check_ownership):
                consumer.batch_done(message)

    async def start_at(self, committed: Mapping[TP, int]) -> Mapping[TP, int]:
        """Returns the next offset of each partition, as the store holds it.

        Faust calls it on every assignment, with what the group has committed.
        """
        if isinstance(self.store, Sink):
            await self.store.read_positions()
        finished = dict.fromkeys(committed, FOREVER) if self.only else committed
        self.runner.replay_until = {
            (tp.topic, tp.partition): offset for tp, offset in finished.items()
        }
        positions: dict[TP, int] = {}
        for tp in committed:
            positions[tp] = await self.store.position(tp.topic, tp.partition) or 0
        left = sum(max(offset - positions[tp], 0) for tp, offset in committed.items())
        metrics.STAGE_REPLAY_LEFT.labels(self.stage.name).set(left)
        self.health.assigned = True
        return positions

    async def run(self, records: Any, check_ownership: CheckOwnership) -> bool:
        """Runs one batch; returns False if it is no longer this worker's.

        Whatever goes wrong beyond the guard ends the process: the next one starts from the
        store's position.
        """
        try:
            await self.runner.run(records, check_ownership)
        except Superseded as lost:
            log.info(
                "a batch was left to another",
                stage=self.stage.name,
                topic=records[0].topic,
                reason=str(lost),
            )
            return False
        except (StageHeld, OffsetGap, StateLost) as stop:
            log.error("stage stops", stage=self.stage.name, reason=str(stop))
            await self._end(str(stop))
        except Exception as fault:
            log.exception("stage failed", stage=self.stage.name)
            await self._end(type(fault).__name__)
        return True

    async def _end(self, reason: str) -> None:
        self.health.stopped_for = reason
        os.kill(os.getpid(), signal.SIGTERM)
        await asyncio.Event().wait()

    def close(self) -> None:
        if self.follows_reference:
            self.reference.stop()
        self.store.close()


def _link(worker: StageWorker) -> tuple[Stage[Any], Store[Any]]:
    return Link(_pseudonyms(worker)), _rocksdb(worker)


def _identify(worker: StageWorker) -> tuple[Stage[Any], Store[Any]]:
    stage = Identify(_pseudonyms(worker), worker.codec, lambda: worker.reference.current.version)
    return stage, _rocksdb(worker)


def _screen(worker: StageWorker) -> tuple[Stage[Any], Store[Any]]:
    return Screen(worker.reference), _rocksdb(worker)


def _project(worker: StageWorker) -> tuple[Stage[Any], Store[Any]]:
    return Project(worker.only), Sink(worker.settings, Project.name, COLUMNS)


def _pseudonyms(worker: StageWorker) -> Pseudonyms:
    return Pseudonyms(worker.settings.person_key.get_secret_value())


def _rocksdb(worker: StageWorker) -> StateStore:
    return StateStore(worker.directory / "rocksdb")


MAKERS: Mapping[str, Callable[[StageWorker], tuple[Stage[Any], Store[Any]]]] = {
    "link": _link,
    "identify": _identify,
    "screen": _screen,
    "project": _project,
}
"""Each stage with its store, in the order of the path."""
