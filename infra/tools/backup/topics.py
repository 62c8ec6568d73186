"""Copies the records of a partition, and writes them again at equal offsets.

A record is the key, the value and the time; its offset follows from the partition's start. Records
that are gone before the start are replaced by empty ones, which are deleted at once, so that the
offsets are the same.
"""

import struct
from collections.abc import Callable, Iterator
from typing import IO

import msgspec
import zstandard
from confluent_kafka import KafkaError, KafkaException, Message, Producer, TopicPartition
from confluent_kafka.admin import AdminClient

from infra.errors import SetupError, Unavailable
from infra.kafka.follower import between
from infra.kafka.log_identity import PartitionLog
from infra.kafka.offsets import Place
from infra.kafka.producer import producer_config
from infra.settings import Settings
from infra.tools.backup.manifest import CopiedPartition
from infra.tools.backup.store import CHUNK_BYTES, Store
from schemas.contract.topics import Topic

LENGTH = struct.Struct(">I")
RESPONSE_S = 30.0
FLUSH_S = 120.0


class CopiedRecord(msgspec.Struct, frozen=True, array_like=True):
    timestamp_ms: int
    key: bytes | None
    value: bytes | None


EMPTY = CopiedRecord(0, None, None)
Rewrite = Callable[[bytes | None], bytes | None]
"""Returns the value to be restored in place of the one that was copied."""
_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(CopiedRecord).decode


def copy_partition(
    settings: Settings, store: Store, topic: Topic, partition: int, log: PartitionLog
) -> CopiedPartition:
    """Copies what the partition holds now. Raises `Unavailable`."""
    compress = zstandard.ZstdCompressor(level=3).compressobj()
    pending = bytearray()
    start: int | None = None
    with store.writing(f"topics/{topic}-{partition}.zst") as written:
        messages = between(settings, topic, {partition: log.start}, {partition: log.end})
        for message in messages:
            if start is None:
                start = message.offset()
            packed = _encode(_record(message))
            pending += LENGTH.pack(len(packed)) + packed
            if len(pending) >= CHUNK_BYTES:
                written.write(compress.compress(bytes(pending)))
                pending.clear()
        written.write(compress.compress(bytes(pending)) + compress.flush())
    if start is None:
        start = log.start
    # Retention may have moved the beginning since the log was read: the first record says it.
    return CopiedPartition(topic.name, log.log_id.topic_id, partition, start, log.end, written.file)


def restore_partition(
    settings: Settings,
    store: Store,
    writer: "LogWriter",
    copied: CopiedPartition,
    rewrite: Rewrite | None = None,
) -> None:
    """Writes the records into an empty partition, from the offset on that they had.

    Raises `Unavailable`, and `SetupError` where the backup or the partition is not what it should
    be.
    """
    place = copied.topic, copied.partition
    for _ in range(copied.start):
        writer.write(place, EMPTY)
    if copied.start:
        writer.flush()
        _delete_before(settings, copied)
    with store.reading(copied.file) as source:
        for record in _records(source):
            value = rewrite(record.value) if rewrite else record.value
            writer.write(place, CopiedRecord(record.timestamp_ms, record.key, value))
    writer.flush()
    if writer.end_of(place) != copied.end:
        raise SetupError(
            f"{copied.topic}[{copied.partition}] ends at {writer.end_of(place)} after the restore, "
            f"not at {copied.end}: restore into an empty cluster."
        )


class LogWriter:
    """Writes records to given partitions, in order. One serves a whole restore.

    A producer takes its time to begin, and most partitions hold little.
    """

    def __init__(self, settings: Settings) -> None:
        # Records wait for many others here, and no client waits for them.
        own = {"linger.ms": 20, "message.timeout.ms": int(FLUSH_S * 1000)}
        self._producer = Producer({**producer_config(settings), **own})
        self._failure: KafkaError | None = None
        self._ends: dict[Place, int] = {}

    def write(self, place: Place, record: CopiedRecord) -> None:
        topic, partition = place
        while True:
            try:
                self._producer.produce(
                    topic,
                    record.value,
                    record.key,
                    partition,
                    on_delivery=self._report,
                    timestamp=record.timestamp_ms,
                )
                break
            except BufferError:
                self._producer.poll(0.5)
        self._producer.poll(0)

    def flush(self) -> None:
        """Returns when all is on the broker. Raises `Unavailable`."""
        left = self._producer.flush(FLUSH_S)
        if self._failure is not None:
            raise Unavailable("kafka", self._failure.name())
        if left:
            raise Unavailable("kafka", f"{left} records were not written in time")

    def end_of(self, place: Place) -> int:
        """Returns the offset behind the last record that this writer has put there."""
        return self._ends.get(place, 0)

    def _report(self, error: KafkaError | None, message: Message) -> None:
        if error is not None:
            self._failure = error
            return
        place = message.topic(), message.partition()
        self._ends[place] = max(self.end_of(place), message.offset() + 1)


def _record(message: Message) -> CopiedRecord:
    return CopiedRecord(message.timestamp()[1], message.key(), message.value())


def _records(source: IO[bytes]) -> Iterator[CopiedRecord]:
    with zstandard.ZstdDecompressor().stream_reader(source) as plain:
        while head := _exactly(plain, LENGTH.size):
            yield _decode(_exactly(plain, LENGTH.unpack(head)[0]))


def _exactly(plain: IO[bytes], size: int) -> bytes:
    """Reads so many bytes; a stream gives fewer at a time."""
    parts: list[bytes] = []
    missing = size
    while missing and (part := plain.read(missing)):
        parts.append(part)
        missing -= len(part)
    return b"".join(parts)


def _delete_before(settings: Settings, copied: CopiedPartition) -> None:
    admin = AdminClient({"bootstrap.servers": settings.kafka, "log_level": 0})
    place = TopicPartition(copied.topic, copied.partition, copied.start)
    try:
        for deleted in admin.delete_records([place], request_timeout=RESPONSE_S).values():
            deleted.result()
    except KafkaException as error:
        raise Unavailable("kafka", error.args[0].name()) from error
