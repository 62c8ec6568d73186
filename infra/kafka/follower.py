"""Reads a topic without a group, for processes that listen and own nothing.

A `Follower` reads what arrives from now on, and the last minutes before if asked to; `between`
reads a stretch of the past.
"""

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta

import structlog
from confluent_kafka import Consumer, Message, TopicPartition

from infra.errors import Unavailable
from infra.kafka.follow_errors import FollowErrors
from infra.kafka.log_identity import read_logs
from infra.kafka.offsets import Place, ends, since
from infra.settings import Settings
from schemas.contract.errors import Busy
from schemas.contract.topics import Topic

log = structlog.get_logger()
POLL_S = 0.5
RETRY_S = 1.0
LOOK_S = 0.01
MAX_SILENCE_S = 5.0


class LogWentBack(Exception):
    """The broker has another log than the one that was followed, or a shorter one."""


class Follower:
    """Calls `apply` on a thread of its own, for every record.

    `apply` may raise `Busy` or `Unavailable`, as when a schema cannot be had at the moment. It is
    then called with the same record again until it accepts the record.
    It begins with the records that are no older than `past`; without it, with the next one.
    """

    def __init__(
        self,
        settings: Settings,
        topic: Topic,
        apply: Callable[[Message], None],
        past: timedelta | None = None,
    ) -> None:
        self._settings = settings
        self._topic = topic
        self._apply = apply
        self._past = past
        self._ready = threading.Event()
        self._errors = FollowErrors(topic)
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._follow, name=f"follows {topic}", daemon=True)
        self.begun_at: Mapping[int, int] = {}
        """Offset from which everything is seen, by partition; empty until ready."""
        self.topic_id = ""
        """Kafka's id of the topic, within which offsets mean something; empty until ready."""
        self._applied: dict[int, int] = {}
        """Offset behind the last record that was applied, by partition."""

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        self._thread.join(timeout=5)

    @property
    def ready(self) -> bool:
        """Returns whether everything from `begun_at` on is seen, and nothing stands in the way.

        The past that was asked for has been read by then.
        """
        return self._ready.is_set() and self._thread.is_alive() and self._errors.latest is None

    def wait(self, timeout_s: float) -> bool:
        """Waits until the past that was asked for has been read; returns whether it was in time."""
        return self._ready.wait(timeout_s)

    def catch_up(self, timeout_s: float) -> None:
        """Returns when every record that the topic has now was applied, or the time is over.

        A follower that is not ready is not waited for. Raises `Unavailable` without a broker.
        """
        give_up_at = time.monotonic() + timeout_s
        if not self.ready:
            return
        goal = _by_partition(ends(self._settings, [self._topic]))
        while time.monotonic() < give_up_at and not self._has_applied(goal):
            self._stopping.wait(LOOK_S)

    def _has_applied(self, goal: Mapping[int, int]) -> bool:
        begun_at = self.begun_at
        for partition, end in goal.items():
            if self._applied.get(partition, begun_at.get(partition, 0)) < end:
                return False
        return True

    def _follow(self) -> None:
        span = self._span()
        if span is None:
            return
        self.begun_at, ends_before = span
        next_offsets = dict(self.begun_at)
        while not self._stopping.is_set():
            try:
                self._read_on(next_offsets, ends_before)
            except LogWentBack:
                log.error("a topic is followed from its beginning", topic=self._topic.name)
                span = self._span()
                next_offsets = dict.fromkeys(span[1] if span else ends_before, 0)
                self._applied = {}
                self._ready.set()  # the past that was asked for is gone
                self.begun_at = dict(next_offsets)

    def _read_on(self, next_offsets: dict[int, int], ends_before: Mapping[int, int]) -> None:
        """Gives each record. It is ready once it has given all that were there at its start."""
        self._note_past_read(next_offsets, ends_before)
        for message in endless(
            self._settings, self._topic, next_offsets, self._errors, self._stopping
        ):
            if message is not None:
                self._give(message)
                self._applied[message.partition()] = message.offset() + 1
            if not self._ready.is_set():
                self._note_past_read(next_offsets, ends_before)

    def _note_past_read(
        self, next_offsets: Mapping[int, int], ends_before: Mapping[int, int]
    ) -> None:
        if all(next_offsets[number] >= end for number, end in ends_before.items()):
            self._ready.set()

    def _span(self) -> tuple[dict[int, int], dict[int, int]] | None:
        """Returns where to begin in each partition, and where each ends now.

        Returns None if this is to stop before the broker says so.
        """
        while not self._stopping.is_set():
            try:
                logs = read_logs(self._settings, [self._topic.name])
                if not logs:
                    raise Unavailable("kafka", f"the topic {self._topic} is not there yet")
                self.topic_id = next(iter(logs.values())).log_id.topic_id
                found = {place: its_log.end for place, its_log in logs.items()}
                begin = dict(found)
                if self._past is not None:
                    begin |= since(self._settings, [self._topic], datetime.now(UTC) - self._past)
                return _by_partition(begin), _by_partition(found)
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


def _by_partition(offsets: Mapping[Place, int]) -> dict[int, int]:
    return {partition: offset for (_, partition), offset in offsets.items()}


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
    if not left:
        return
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
