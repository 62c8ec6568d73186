"""The doors' producer: an event is accepted when Kafka has it on all replicas, and only then.

There is one producer, one thread that polls it, and one future per request.
"""

import asyncio
import os
import signal
import threading
from collections.abc import Sequence
from typing import Protocol

from confluent_kafka import KafkaError, KafkaException, Message, Producer

from api.backends.broker_watch import BrokerWatch, probe_of
from infra import metrics
from infra.errors import Unavailable
from infra.kafka.producer import producer_config
from infra.settings import Settings
from schemas.contract.codec import Codec
from schemas.contract.events import Event
from schemas.contract.topics import Topic


class Broker(Protocol):
    """The broker as a door needs it."""

    async def accept(self, topic: Topic, key: str | None, event: Event) -> None:
        """Returns when the broker has it. Raises `Unavailable` in bounded time if it does not."""

    async def accept_all(self, topic: Topic, events: Sequence[tuple[str | None, Event]]) -> None:
        """Returns when the broker has all of them. Raises `Unavailable` as `accept` does.

        Some may have been taken when it raises: their ids make sending them again harmless.
        """

    @property
    def takes_posts(self) -> bool:
        """Returns whether an event would be taken now, as far as is known."""


class KafkaBroker:
    """`Broker` over a Kafka producer."""

    def __init__(self, settings: Settings, codec: Codec) -> None:
        self._codec = codec
        self._producer = Producer({**producer_config(settings), "linger.ms": 1})
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._poll, name="broker", daemon=True)
        self._thread.start()
        self._watch = BrokerWatch(probe_of(self._producer))
        self._watch.start()

    @property
    def takes_posts(self) -> bool:
        return self._watch.takes_posts

    async def accept(self, topic: Topic, key: str | None, event: Event) -> None:
        await self.accept_all(topic, ((key, event),))

    async def accept_all(self, topic: Topic, events: Sequence[tuple[str | None, Event]]) -> None:
        """Encodes each event by its Avro schema, and waits for the reports of them all."""
        if not events:
            return
        delivery = Delivery(len(events), self._watch)
        for key, event in events:
            await self._produce(topic, key, self._codec.encode(event), delivery)
        await delivery.done
        metrics.EVENTS_ACCEPTED.labels(topic.name).inc(len(events))

    async def _produce(
        self, topic: Topic, key: str | None, value: bytes, delivery: "Delivery"
    ) -> None:
        for attempt in (0, 1):
            try:
                self._producer.produce(topic.name, value, key, on_delivery=delivery.report)
                break
            except BufferError:
                if attempt:
                    raise Unavailable("kafka", "the doors' buffer is full") from None
                await asyncio.sleep(0.05)
            except KafkaException as error:
                if error.args[0].fatal():
                    # This producer never writes again: the process ends, and its supervisor starts
                    # another.
                    os.kill(os.getpid(), signal.SIGTERM)
                raise Unavailable("kafka", error.args[0].name()) from error

    def close(self) -> None:
        self._watch.stop()
        self._producer.flush(5)
        self._stopping.set()
        self._thread.join(timeout=5)

    def _poll(self) -> None:
        while not self._stopping.is_set():
            self._producer.poll(0.1)


class Delivery:
    """Counts reports on the producer's thread, and wakes the request when the last has come."""

    def __init__(self, expected: int, watch: BrokerWatch) -> None:
        self._watch = watch
        self._loop = asyncio.get_running_loop()
        self._reports_left = expected
        self._failure: KafkaError | None = None
        self.done: asyncio.Future[None] = self._loop.create_future()

    def report(self, error: KafkaError | None, message: Message) -> None:
        self._watch.note(error)
        self._failure = error or self._failure
        self._reports_left -= 1
        if self._reports_left == 0:
            self._loop.call_soon_threadsafe(self._finish)

    def _finish(self) -> None:
        if self.done.done():
            return
        if self._failure is None:
            self.done.set_result(None)
        else:
            self.done.set_exception(Unavailable("kafka", self._failure.name()))
