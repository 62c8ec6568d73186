"""Reads a topic without a group, for processes that want to hear, not to own: from now on, or a stretch of its past."""

import threading
from collections.abc import Callable, Iterator, Mapping

import structlog
from confluent_kafka import Consumer, KafkaException, Message, TopicPartition

from infra.errors import Unavailable
from infra.settings import Settings
from schemas.contract.errors import Busy
from schemas.contract.topics import Topic

log = structlog.get_logger()
POLL_S, RETRY_S, SILENCE_MOST_S = 0.5, 1.0, 5.0


class Follower:
    """`take` is called on the thread, for every record. It may raise `Busy` or `Unavailable`, as where a schema is not to be had at the
    moment: then it is called again with the same record, until it takes it."""

    def __init__(self, settings: Settings, topic: Topic, take: Callable[[Message], None]) -> None:
        self._settings, self._topic, self._take = settings, topic, take
        self._ready, self._stopping = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._follow, name=f"follows {topic}", daemon=True)
        self.begun_at: Mapping[int, int] = {}
        """Offset by partition from which on everything is seen; empty until ready."""

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        self._thread.join(timeout=5)

    @property
    def ready(self) -> bool:
        return self._ready.is_set() and self._thread.is_alive()

    def _follow(self) -> None:
        consumer = _consumer(self._settings)
        try:
            self._assign(consumer)
            while not self._stopping.is_set():
                message = consumer.poll(POLL_S)
                if message is not None and not message.error():
                    self._give(message)
        finally:
            consumer.close()

    def _give(self, message: Message) -> None:
        while not self._stopping.is_set():
            try:
                self._take(message)
                return
            except (Busy, Unavailable) as error:
                log.warning(
                    "a record cannot be read yet",
                    topic=self._topic.name,
                    offset=message.offset(),
                    reason=str(error),
                )
                self._stopping.wait(RETRY_S)

    def _assign(self, consumer: Consumer) -> None:
        """At fixed offsets: what comes after this moment is seen, whenever the first fetch is."""
        while not self._stopping.is_set():
            try:
                ends = self._ends(consumer)
                consumer.assign(ends)
                self.begun_at = {one.partition: one.offset for one in ends}
                self._ready.set()
                break
            except (KafkaException, Unavailable) as error:
                log.warning(
                    "a topic cannot be followed yet", topic=self._topic.name, reason=str(error)
                )
                self._stopping.wait(RETRY_S)

    def _ends(self, consumer: Consumer) -> list[TopicPartition]:
        partitions = (
            consumer.list_topics(self._topic.name, timeout=2).topics[self._topic.name].partitions
        )
        if not partitions:
            raise Unavailable("kafka", f"the topic {self._topic} is not there yet")
        found = [TopicPartition(self._topic.name, partition) for partition in partitions]
        return [
            TopicPartition(
                one.topic, one.partition, consumer.get_watermark_offsets(one, timeout=2)[1]
            )
            for one in found
        ]


def between(
    settings: Settings, topic: Topic, begin: Mapping[int, int], end: Mapping[int, int]
) -> Iterator[Message]:
    """The records from `begin` up to, without, `end`: offsets by partition. Raises `Unavailable` if the broker falls silent before that."""
    left = {partition for partition, offset in begin.items() if offset < end[partition]}
    consumer = _consumer(settings)
    try:
        consumer.assign(
            [TopicPartition(topic.name, partition, begin[partition]) for partition in left]
        )
        while left:
            message = consumer.poll(SILENCE_MOST_S)
            if message is None or message.error():
                raise Unavailable("kafka", f"the past of {topic} is not delivered")
            if message.offset() < end[message.partition()]:
                yield message
            if message.offset() + 1 >= end[message.partition()]:
                left.discard(message.partition())
    finally:
        consumer.close()


def _consumer(settings: Settings) -> Consumer:
    return Consumer(
        {
            "bootstrap.servers": settings.kafka,
            "group.id": "follower",
            "enable.auto.commit": False,
            "auto.offset.reset": "earliest",
            "fetch.wait.max.ms": 500,
            "log_level": 2,
        }
    )
