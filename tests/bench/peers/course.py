"""A course is one entrant on one topic: its task, its process, and the flags it has written."""

import io
import json
import os
import signal
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import fastavro
from confluent_kafka import Consumer, ConsumerGroupTopicPartitions, TopicPartition
from confluent_kafka.admin import AdminClient, NewTopic

from infra.kafka.registry import Registry
from infra.settings import CHECKOUT, Settings
from schemas.contract.codec import parsed_schema, schema
from schemas.contract.topics import CHECKPOINT_SCANS, FLAGS, Topic
from tests.bench.peers.entrants import Entrant
from tests.bench.peers.job import FRAME_BYTES, Pair, Task
from tests.bench.peers.scans import POSTS
from tests.waiting import wait_until

DIE_S = 30.0
FETCH_S = 0.1


def topic_of_scans(settings: Settings, name: str) -> Topic:
    return _created(settings, replace(CHECKPOINT_SCANS, name=name))


@dataclass
class Course:
    settings: Settings
    env: Mapping[str, str]
    entrant: Entrant
    source: Topic
    turn: str
    """The turn tells this run from every other."""
    directory: Path
    session_timeout_s: float
    seen: list[tuple[int, bytes]] = field(default_factory=list)
    """Flags read so far: when the broker had each, in milliseconds, and its bytes."""

    def __post_init__(self) -> None:
        self.name = f"{self.entrant.name.replace(' ', '-').replace(',', '')}-{self.turn}".lower()
        self.directory.mkdir(parents=True)
        self.sink = _created(
            self.settings,
            replace(FLAGS, name=f"flags-of-{self.name}"),
            **{"message.timestamp.type": "LogAppendTime"},
        )
        self.task = self.directory / "task.json"
        self.task.write_text(json.dumps(asdict(self._task())))
        self.command = self.entrant.command(self.settings, self.task)

    @contextmanager
    def running(self) -> Iterator[subprocess.Popen[bytes]]:
        """Runs the entrant, and ends it with SIGKILL: what a run leaves is of no use to anybody."""
        with (self.directory / "log").open("ab") as log:
            process = subprocess.Popen(
                self.command,
                env=self._environment(),
                cwd=CHECKOUT,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        try:
            yield process
        finally:
            kill(process)

    def log_end(self) -> str:
        return (self.directory / "log").read_text(errors="replace")[-2_000:]

    def read_flags(self) -> int:
        """Reads the flags that have come since, and returns how many there are in all."""
        while messages := self._reader.consume(20_000, FETCH_S):
            self.seen += ((message.timestamp()[1], message.value()) for message in messages)
        return len(self.seen)

    def pairs(self, since: int = 0) -> list[Pair]:
        return [_pair(value) for _, value in self.seen[since:]]

    def finished(self) -> bool:
        """Returns whether the broker knows that everything was read and dealt with."""
        wanted = ConsumerGroupTopicPartitions(self.group)
        offsets = self._admin.list_consumer_group_offsets([wanted])[self.group].result()
        committed = {
            place.partition: place.offset
            for place in offsets.topic_partitions
            if place.topic == self.source.name
        }
        return all(committed.get(partition) == end for partition, end in self._ends.items())

    @property
    def group(self) -> str:
        return f"{self.name}-impossible-speed"

    @cached_property
    def _admin(self) -> AdminClient:
        return AdminClient({"bootstrap.servers": self.settings.kafka, "log_level": 0})

    @cached_property
    def _reader(self) -> Consumer:
        reader = Consumer(
            {
                "bootstrap.servers": self.settings.kafka,
                "group.id": f"reader-of-{self.name}",
                "enable.auto.commit": False,
                "log_level": 0,
            }
        )
        reader.assign(
            [
                TopicPartition(self.sink.name, number, 0)
                for number in range(self.settings.partitions)
            ]
        )
        return reader

    @cached_property
    def _ends(self) -> Mapping[int, int]:
        places = [
            TopicPartition(self.source.name, number) for number in range(self.settings.partitions)
        ]
        return {place.partition: self._reader.get_watermark_offsets(place)[1] for place in places}

    def _task(self) -> Task:
        return Task(
            bootstrap=self.settings.kafka,
            source=self.source.name,
            sink=self.sink.name,
            group=self.group,
            directory=str(self.directory),
            session_timeout_ms=int(self.session_timeout_s * 1000),
            partitions=self.settings.partitions,
            options=self.entrant.options,
            posts=POSTS,
            scan_schema=schema("CheckpointScanned"),
            flag_schema=schema("FlagRaised"),
            flag_schema_id=Registry(self.settings).id_of("FlagRaised"),
        )

    def _environment(self) -> dict[str, str]:
        """Returns the entrant's environment.

        Our own entrant reads settings like every other process of ours: its group is the name and
        the stage's.
        """
        own = {
            "CONSUMER_GROUP": self.name,
            "DATA_DIR": str(self.directory),
            "SESSION_TIMEOUT_S": str(self.session_timeout_s),
        }
        return {**self.env, **{f"DIBIENDONG_{name}": value for name, value in own.items()}}


def kill(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        os.kill(process.pid, signal.SIGKILL)
    process.wait(DIE_S)


def _created(settings: Settings, topic: Topic, **config: str) -> Topic:
    admin = AdminClient({"bootstrap.servers": settings.kafka, "log_level": 0})
    new = NewTopic(
        topic.name, num_partitions=settings.partitions, replication_factor=1, config=config
    )
    admin.create_topics([new])[topic.name].result()
    wait_until(
        lambda: topic.name in admin.list_topics(timeout=10).topics, what=f"topic {topic.name}"
    )
    return topic


def _pair(value: bytes) -> Pair:
    body: Any = fastavro.schemaless_reader(
        io.BytesIO(value[FRAME_BYTES:]), parsed_schema("FlagRaised"), None
    )
    before, scan = body["causes"]
    return before, scan
