"""Queries the broker where topics begin and end."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from confluent_kafka import KafkaException, TopicPartition
from confluent_kafka.admin import AdminClient, OffsetSpec

from infra.errors import Unavailable
from infra.settings import Settings
from schemas.contract.topics import Topic

Place = tuple[str, int]
"""A place is a topic and a partition."""
RESPONSE_S = 10.0


def beginnings(settings: Settings, topics: Sequence[Topic]) -> Mapping[Place, int]:
    """Returns the first offset of every partition. Raises `Unavailable`."""
    return _offsets(settings, topics, OffsetSpec.earliest())


def ends(settings: Settings, topics: Sequence[Topic]) -> Mapping[Place, int]:
    """Returns the offset after the last record of every partition. Raises `Unavailable`."""
    return _offsets(settings, topics, OffsetSpec.latest())


def since(settings: Settings, topics: Sequence[Topic], at: datetime) -> Mapping[Place, int]:
    """Returns the offset of the first record of every partition that is not older than `at`.

    Places without such a record are left out. Raises `Unavailable`.
    """
    spec = OffsetSpec.for_timestamp(int(at.timestamp() * 1000))
    offsets = _offsets(settings, topics, spec)
    return {place: offset for place, offset in offsets.items() if offset >= 0}


def _offsets(settings: Settings, topics: Sequence[Topic], spec: OffsetSpec) -> Mapping[Place, int]:
    """Returns nothing for a topic that the broker does not have."""
    admin = AdminClient({"bootstrap.servers": settings.kafka, "log_level": 0})
    try:
        partitions = _partitions(admin, {topic.name for topic in topics})
        if not partitions:
            return {}
        requests = dict.fromkeys(partitions, spec)
        futures = admin.list_offsets(requests, request_timeout=RESPONSE_S)
        offsets = {}
        for partition, future in futures.items():
            offsets[partition.topic, partition.partition] = future.result().offset
        return offsets
    except KafkaException as error:
        raise Unavailable("kafka", error.args[0].name()) from error


def _partitions(admin: AdminClient, names: set[str]) -> list[TopicPartition]:
    topics = admin.list_topics(timeout=RESPONSE_S).topics
    partitions = []
    for name in names & set(topics):
        partitions += [TopicPartition(name, number) for number in topics[name].partitions]
    return partitions
