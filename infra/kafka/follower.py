"""Reads a topic from now on, all partitions, in a thread of its own, without a group: for processes that want to hear, not to own."""

import threading
from collections.abc import Callable

import structlog
from confluent_kafka import Consumer, KafkaException, Message, TopicPartition

from infra.errors import Unavailable
from infra.settings import Settings
from schemas.topics import Topic

log = structlog.get_logger()
POLL_S, RETRY_S = 0.5, 1.0


class Follower:
    """`take` is called on the thread, for every record, and must not raise."""

    def __init__(self, settings: Settings, topic: Topic, take: Callable[[Message], None]) -> None:
        self._settings, self._topic, self._take = settings, topic, take
        self._ready, self._stopping = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._follow, name=f"follows {topic}", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        self._thread.join(timeout=5)

    @property
    def ready(self) -> bool:
        return self._ready.is_set()

    def _follow(self) -> None:
        consumer = Consumer(
            {
                "bootstrap.servers": self._settings.kafka,
                "group.id": "follower",
                "enable.auto.commit": False,
                "auto.offset.reset": "latest",
                "fetch.wait.max.ms": 500,
                "log_level": 2,
            }
        )
        try:
            self._assign(consumer)
            while not self._stopping.is_set():
                message = consumer.poll(POLL_S)
                if message is not None and not message.error():
                    self._take(message)
        finally:
            consumer.close()

    def _assign(self, consumer: Consumer) -> None:
        """At fixed offsets: what comes after this moment is seen, whenever the first fetch is."""
        while not self._stopping.is_set():
            try:
                consumer.assign(self._ends(consumer))
                self._ready.set()
                break
            except (KafkaException, Unavailable) as error:
                log.warning("a topic cannot be followed yet", topic=self._topic.name, reason=str(error))
                self._stopping.wait(RETRY_S)

    def _ends(self, consumer: Consumer) -> list[TopicPartition]:
        partitions = consumer.list_topics(self._topic.name, timeout=2).topics[self._topic.name].partitions
        if not partitions:
            raise Unavailable("kafka", f"the topic {self._topic} is not there yet")
        found = [TopicPartition(self._topic.name, partition) for partition in partitions]
        return [TopicPartition(one.topic, one.partition, consumer.get_watermark_offsets(one, timeout=2)[1]) for one in found]
