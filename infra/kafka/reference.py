"""Keeps a process's copy of the reference data.

It reads the whole `reference` topic from its beginning, then follows it.
"""

import threading

import structlog
from confluent_kafka import Consumer, KafkaException, TopicPartition

from infra.errors import Unavailable
from infra.settings import Settings
from schemas.contract.codec import Codec
from schemas.contract.errors import Busy, Poison
from schemas.contract.events import ReferenceEvent
from schemas.contract.topics import REFERENCE
from schemas.domain.reference import Reference, ReferenceAsOf

log = structlog.get_logger()
POLL_S = 0.5
MAX_WAIT_S = 0.5
UNKNOWN = float("inf")


class ReferenceFollower:
    """`current` grows in a thread of its own.

    Poison in the topic is skipped here; the stage `project` sets it aside.
    """

    def __init__(self, settings: Settings, codec: Codec) -> None:
        self.current = Reference()
        self._settings = settings
        self._codec = codec
        self._caught_up = threading.Event()
        self._stopping = threading.Event()
        self._grown = threading.Condition()
        self._thread = threading.Thread(target=self._follow, name="reference", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        self._thread.join(timeout=5)

    @property
    def ready(self) -> bool:
        """Returns whether everything that was on the topic at the start has been read."""
        return self._caught_up.is_set()

    def wait_ready(self, timeout_s: float) -> bool:
        return self._caught_up.wait(timeout_s)

    @property
    def latest(self) -> ReferenceAsOf:
        """Returns everything this copy has read."""
        return self.current.as_of(self.current.version)

    def as_of(self, version: int) -> ReferenceAsOf:
        """Returns the data as known at `version`. Raises `Busy` if this copy is not there yet."""
        if version > self.current.version and not self._wait_for(version):
            raise Busy(f"reference data is at version {self.current.version}, {version} is needed")
        return self.current.as_of(version)

    def wait_for(self, version: int, timeout_s: float) -> bool:
        return version <= self.current.version or self._wait_for(version, timeout_s)

    def _wait_for(self, version: int, timeout_s: float = MAX_WAIT_S) -> bool:
        with self._grown:
            return self._grown.wait_for(lambda: self.current.version >= version, timeout_s)

    def _follow(self) -> None:
        consumer = Consumer(
            {
                "bootstrap.servers": self._settings.kafka,
                "group.id": "reference-follower",
                "enable.auto.commit": False,
                "auto.offset.reset": "earliest",
                "fetch.wait.max.ms": 500,
                "log_level": 2,
            }
        )
        partition = TopicPartition(REFERENCE.name, 0, 0)
        consumer.assign([partition])
        position = 0
        end = UNKNOWN
        try:
            while not self._stopping.is_set():
                # Asked once: a request for each record would slow the start of a long topic.
                if end == UNKNOWN:
                    end = self._end(consumer, partition)
                if position >= end:
                    self._caught_up.set()
                message = consumer.poll(POLL_S)
                if message is None or message.error():
                    continue
                if self._apply(message.offset(), message.value()):
                    position = message.offset() + 1
                else:
                    consumer.seek(TopicPartition(REFERENCE.name, 0, message.offset()))
                    self._stopping.wait(POLL_S)
        finally:
            consumer.close()

    def _end(self, consumer: Consumer, partition: TopicPartition) -> float:
        try:
            return int(consumer.get_watermark_offsets(partition, timeout=2)[1])
        except KafkaException:
            return UNKNOWN

    def _apply(self, offset: int, value: bytes | None) -> bool:
        """Returns whether the record is done with; one that cannot be read yet is not."""
        try:
            event = self._codec.decode(value)
        except Poison as poison:
            log.warning("a reference record was skipped", offset=offset, reason=str(poison))
            event = None
        except (Busy, Unavailable):
            return False
        with self._grown:
            if isinstance(event, ReferenceEvent):
                self.current.add(offset, event)
            self.current.version = offset
            self._grown.notify_all()
        return True
