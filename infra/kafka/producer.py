"""Writes to Kafka: idempotent, acknowledged by all replicas, partitioned as Kafka's clients do."""

import asyncio
from collections.abc import Iterable

import msgspec
from confluent_kafka import KafkaError, Message, Producer

from infra.errors import Unavailable
from infra.settings import Settings
from schemas.contract.topics import Topic


class Output(msgspec.Struct, frozen=True, gc=False):
    """One record to write. Records whose `key` is None are spread over the partitions."""

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
    """Writes a batch, and returns when every record of it is on the broker.

    Raises `Unavailable` if any is not. Several batches may be written at a time.
    """

    def __init__(self, settings: Settings) -> None:
        self._timeout_s = settings.request_timeout_s + 5
        self._producer = Producer(
            {
                **producer_config(settings),
                "linger.ms": 5,
                "batch.num.messages": 20_000,
                "batch.size": 1_000_000,
                "delivery.report.only.error": True,
            }
        )

    async def write(self, outputs: Iterable[Output]) -> None:
        failed: list[KafkaError] = []

        def report(error: KafkaError | None, message: Message) -> None:
            if error is not None:
                failed.append(error)

        produce = self._producer.produce  # looked up once for a whole batch
        has_written = False
        for output in outputs:
            has_written = True
            try:
                produce(output.topic.name, output.value, output.key, on_delivery=report)
            except BufferError:
                await asyncio.to_thread(self._producer.poll, 1.0)
                produce(output.topic.name, output.value, output.key, on_delivery=report)
        left = await self._flush() if has_written else 0
        if failed:
            raise Unavailable("kafka", failed[-1].name())
        if left:
            raise Unavailable("kafka", f"{left} records not written in time")

    async def _flush(self) -> int:
        """Returns how many records were not written in time; these are taken back.

        The records may be another batch's: both are then taken back, and both are written again.
        """
        left: int = await asyncio.to_thread(self._producer.flush, self._timeout_s)
        if left:
            self._producer.purge()
            self._producer.flush(1.0)
        return left
