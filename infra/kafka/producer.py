"""Writes to Kafka: idempotent, acknowledged by all replicas, partitioned by key as Kafka's own clients do."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass

from confluent_kafka import KafkaError, Producer

from infra.errors import Unavailable
from infra.settings import Settings
from schemas.topics import Topic


@dataclass(frozen=True, slots=True)
class Output:
    """One record to write; `key` None spreads over the partitions."""

    topic: Topic
    key: str | None
    value: bytes


def producer_config(settings: Settings) -> dict[str, object]:
    return {
        "bootstrap.servers": settings.kafka,
        "enable.idempotence": True,
        "acks": "all",
        "partitioner": "murmur2_random",
        "compression.type": "lz4",
        "message.max.bytes": 8_388_608,
        "queue.buffering.max.messages": 500_000,
        "queue.buffering.max.kbytes": 262_144,
        "message.timeout.ms": int(settings.request_timeout_s * 1000),
        "log_level": 3,
    }


class BatchProducer:
    """Writes a batch and comes back when every record of it is on the broker; raises `Unavailable` if any is not."""

    def __init__(self, settings: Settings) -> None:
        failed = self._failed = list[KafkaError]()
        self._timeout_s = settings.request_timeout_s + 5
        self._producer = Producer(
            {
                **producer_config(settings),
                "linger.ms": 5,
                "batch.num.messages": 20_000,
                "batch.size": 1_000_000,
                "delivery.report.only.error": True,
                # Not a method: librdkafka would keep this value, and itself, alive through it.
                "on_delivery": lambda error, message: failed.append(error) if error is not None else None,
            }
        )

    async def write(self, outputs: Iterable[Output]) -> None:
        self._failed.clear()
        produce, poll = self._producer.produce, self._producer.poll
        for output in outputs:
            try:
                produce(output.topic.name, output.value, output.key)
            except BufferError:
                await asyncio.to_thread(poll, 1.0)
                produce(output.topic.name, output.value, output.key)
        if len(self._producer):
            await asyncio.to_thread(self._producer.flush, self._timeout_s)
        self._raise_failure()

    def _raise_failure(self) -> None:
        left = len(self._producer)
        if left:
            self._producer.purge()
            self._producer.flush(1.0)
        if self._failed or left:
            reason = self._failed[-1].name() if self._failed else f"{left} records not written in time"
            raise Unavailable("kafka", reason)
