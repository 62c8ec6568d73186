"""Reads a topic without a group, for processes that listen and own nothing.

A `Follower` reads what arrives from now on; `between` reads a stretch of the past.
"""

import threading
from collections.abc import Callable, Iterator, Mapping

import structlog
from confluent_kafka import Consumer, Message, TopicPartition

from infra.errors import Unavailable
from infra.kafka.follow_errors import FollowErrors
from infra.kafka.log_identity import read_logs
from infra.settings import Settings
from schemas.contract.errors import Busy
from schemas.contract.topics import Topic

log = structlog.get_logger()
POLL_S = 0.5
RETRY_S = 1.0
MAX_SILENCE_S = 5.0


class LogWentBack(Exception):
    """The broker has another log than the one that was followed, or a shorter one."""


class Follower:
    """Calls `apply` on a thread of its own, for every record.

    `apply` may raise `Busy` or `Unavailable`, as when a schema cannot be had at the moment. It is
    then called with the same record again until it accepts the record.
    """

    def __init__(self, settings: Settings, topic: Topic, apply: Callable[[Message], None]) -> None:
        self._settings = settings
        self._topic = topic
        self._apply = apply
        self._ready = threading.Event()
        self._errors = FollowErrors(topic)
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._follow, name=f"follows {topic}", daemon=True)
        self.begun_at: Mapping[int, int] = {}
        """Offset from which everything is seen, by partition; empty until ready."""
        self.topic_id = ""
        """Kafka's id of the topic, within which offsets mean something; empty until ready."""

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        self._thread.join(timeout=5)

    @property
    def ready(self) -> bool:
        """Returns whether everything from `begun_at` on is seen, and nothing stands in the way."""
        return self._ready.is_set() and self._thread.is_alive() and self._errors.latest is None

    def _follow(self) -> None:
        begun_at = self._ends()
        if begun_at is None:
            return
        self.begun_at = begun_at
        self._ready.set()
        next_offsets = dict(begun_at)
        while not self._stopping.is_set():
            try:
                self._read_on(next_offsets)
            except LogWentBack:
                log.error("a topic is followed from its beginning", topic=self._topic.name)
                next_offsets = dict.fromkeys(self._ends() or begun_at, 0)
                self.begun_at = dict(next_offsets)

    def _read_on(self, next_offsets: dict[int, int]) -> None:
        for message in endless(
            self._settings, self._topic, next_offsets, self._errors, self._stopping
        ):
            if message is not None:
                self._give(message)

    def _ends(self) -> dict[int, int] | None:
        """Returns where each partition ends now: all that comes later is seen.

        Returns None if this is to stop before the broker says so.
        """
        while not self._stopping.is_set():
            try:
                logs = read_logs(self._settings, [self._topic.name])
                if not logs:
                    raise Unavailable("kafka", f"the topic {self._topic} is not there yet")
                self.topic_id = next(iter(logs.values())).log_id.topic_id
                return {partition: found.end for (_, partition), found in logs.items()}
            except Unavailable as error:
                log.warning(
                    "a topic cannot be followed yet", topic=self._topic.name, reason=str(error)
                )
                self._stopping.wait(RETRY_S)
        return None

    def _give(self, message: Message) -> None:
        while not self._stopping.is_set():
            try:
                self._apply(message)
                return
            except (Busy, Unavailable) as error:
                log.warning(
                    "a record cannot be read yet",
                    topic=self._topic.name,
                    offset=message.offset(),
                    reason=str(error),
                )
                self._stopping.wait(RETRY_S)


def endless(
    settings: Settings,
    topic: Topic,
    next_offsets: dict[int, int],
    errors: FollowErrors,
    stopping: threading.Event,
) -> Iterator[Message | None]:
    """Yields each record from `next_offsets` on, and None after each silence, until `stopping`.

    After an error it begins anew behind the last record: the client names a lasting error once.
    Raises `LogWentBack` when records come again: the log is another, or was cut.
    """
    while not stopping.is_set():
        consumer = new_consumer(settings)
        try:
            consumer.assign(
                [TopicPartition(topic.name, number, at) for number, at in next_offsets.items()]
            )
            while not stopping.is_set():
                message = consumer.poll(POLL_S)
                if message is None:
                    errors.note_silence()
                elif message.error():
                    errors.note(message.error())
                    break
                else:
                    if message.offset() < next_offsets[message.partition()]:
                        raise LogWentBack
                    errors.note_record()
                    next_offsets[message.partition()] = message.offset() + 1
                yield message
        finally:
            consumer.close()
        stopping.wait(RETRY_S)


def between(
    settings: Settings, topic: Topic, begin: Mapping[int, int], end: Mapping[int, int]
) -> Iterator[Message]:
    """Yields the records from `begin` up to, without, `end`: offsets by partition.

    Raises `Unavailable` if the broker falls silent before that.
    """
    left = {partition for partition, offset in begin.items() if offset < end[partition]}
    consumer = new_consumer(settings)
    try:
        consumer.assign(
            [TopicPartition(topic.name, partition, begin[partition]) for partition in left]
        )
        while left:
            message = consumer.poll(MAX_SILENCE_S)
            if message is None or message.error():
                raise Unavailable("kafka", f"the past of {topic} is not delivered")
            if message.offset() < end[message.partition()]:
                yield message
            if message.offset() + 1 >= end[message.partition()]:
                left.discard(message.partition())
    finally:
        consumer.close()


def new_consumer(settings: Settings) -> Consumer:
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
