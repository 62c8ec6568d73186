"""One process of one stage: a Faust app around the stage's runner, with its health and metrics on a port of its own.

Composition root of the path: settings, registry, store, producer and reference data meet here.
"""

import asyncio
import os
import signal
from collections.abc import Collection, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import faust
import structlog
from faust.transport.drivers import TRANSPORTS
from faust.types import TP

from infra import metrics
from infra.kafka.producer import BatchProducer
from infra.kafka.reference import ReferenceFollower
from infra.kafka.registry import Registry
from infra.settings import Settings
from schemas.contract.codec import Codec
from schemas.domain.pseudonyms import Pseudonyms
from streams.dead_letters import DeadLetters
from streams.errors import OffsetGap, StageHeld, StateLost, Superseded
from streams.health import Health
from streams.identify import Identify
from streams.link import Link
from streams.project import COLUMNS, Project
from streams.screen import Screen
from streams.sink import Sink
from streams.stage import CheckOwnership, Runner, Stage, Store
from streams.state import StateStore

STAGES = ("link", "identify", "screen", "project")
BATCHES_AT_A_TIME = 3
"""Of as many partitions: one is folded while the outputs of others are on their way."""
FOREVER = 1 << 63
TRANSPORTS.aliases["batched"] = "streams.batching:Transport"
log = structlog.get_logger()


class StageWorker:
    """Everything one process needs to run one stage. `only`: these tables of `project`, replayed beside the live ones, with nothing
    written to the broker."""

    def __init__(
        self, stage_name: str, worker: int, settings: Settings, only: Collection[str] = ()
    ) -> None:
        self.settings, self.only = settings, only
        self.directory: Path = settings.data_dir / "state" / stage_name / str(worker)
        self.codec = Codec(Registry(settings))
        self.reference = ReferenceFollower(settings, self.codec)
        self.stage, self.store = self._stage_and_store(stage_name)
        self.dead_letters = DeadLetters(stage_name, self.directory, settings)
        producer = BatchProducer(settings)
        self.runner: Runner[Any] = Runner(
            self.stage, self.store, self.codec, producer, self.dead_letters
        )
        self.health = Health(self.dead_letters)

    def _stage_and_store(self, name: str) -> tuple[Stage[Any], Store[Any]]:
        pseudonyms = Pseudonyms(self.settings.person_key.get_secret_value())
        match name:
            case "link":
                return Link(pseudonyms), StateStore(self.directory / "rocksdb")
            case "identify":
                identify = Identify(pseudonyms, self.codec, lambda: self.reference.current.version)
                return identify, StateStore(self.directory / "rocksdb")
            case "screen":
                return Screen(self.reference), StateStore(self.directory / "rocksdb")
            case "project":
                return Project(self.only), Sink(self.settings, name, COLUMNS)
        raise ValueError(f"no stage is called {name}; there are {', '.join(STAGES)}")

    def app(self) -> faust.App:
        app = faust.App(
            f"{self.settings.consumer_group}-{self.stage.name}",
            broker=f"batched://{self.settings.kafka}",
            key_serializer="raw",
            value_serializer="raw",
            datadir=str(self.directory / "faust"),
            consumer_auto_offset_reset="earliest",
            consumer_max_fetch_size=4 << 20,
            broker_max_poll_records=self.settings.batch_max_records,
            broker_session_timeout=self.settings.session_timeout_s,
            broker_heartbeat_interval=self.settings.session_timeout_s / 4,
            broker_commit_interval=1.0,
            # Keeps Faust's own assignor, which gives one worker the same partition of every input; there are no tables to stand by for.
            table_standby_replicas=1,
            topic_allow_declare=False,
            topic_disable_leader=True,
            stream_wait_empty=False,
            web_enabled=False,
        )
        app.batch_max_records = self.settings.batch_max_records
        app.start_at = self.start_at
        inputs = app.topic(
            *(topic.name for topic in self.stage.inputs),
            key_serializer="raw",
            value_serializer="raw",
        )
        app.agent(inputs, name=self.stage.name, concurrency=BATCHES_AT_A_TIME)(self._agent)
        return app

    async def _agent(self, stream: Any) -> None:
        async for event in stream.events():
            message, consumer = event.message, stream.app.consumer
            if await self.run(
                message.value, partial(consumer.membership.check, message.generation_id)
            ):
                consumer.batch_done(message)

    async def start_at(self, committed: Mapping[TP, int]) -> Mapping[TP, int]:
        """Called on every assignment with what the group has committed: next offset of each partition as the store holds it."""
        if isinstance(self.store, Sink):
            await self.store.read_positions()
        finished = dict.fromkeys(committed, FOREVER) if self.only else committed
        self.runner.replay_until = {
            (tp.topic, tp.partition): offset for tp, offset in finished.items()
        }
        found = {tp: await self.store.position(tp.topic, tp.partition) or 0 for tp in committed}
        metrics.STAGE_REPLAY_LEFT.labels(self.stage.name).set(
            sum(max(offset - found[tp], 0) for tp, offset in committed.items())
        )
        self.health.assigned = True
        return found

    async def run(self, records: Any, check_ownership: CheckOwnership) -> bool:
        """One batch; False if it is no longer this worker's. Whatever goes wrong beyond the guard ends the process: the next one starts
        from the store's position."""
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
        self.reference.stop()
        self.store.close()
