"""Asks the broker which log it has: the ids of the cluster and of its topics, and where they end.

A topic that is deleted and made again has another id, and so has every topic of another cluster.
"""

import time
from collections.abc import Collection, Mapping
from dataclasses import dataclass

import msgspec
from confluent_kafka import KafkaError, KafkaException, TopicCollection, TopicPartition
from confluent_kafka.admin import AdminClient, OffsetSpec

from infra.errors import Unavailable
from infra.kafka.offsets import RESPONSE_S, Place
from infra.settings import Settings

ELECTION_S = 20.0
TRY_AGAIN_S = 0.3
ELECTING = (
    KafkaError.LEADER_NOT_AVAILABLE,
    KafkaError.NOT_LEADER_FOR_PARTITION,
    KafkaError.UNKNOWN_LEADER_EPOCH,
    KafkaError.FENCED_LEADER_EPOCH,
    KafkaError.UNKNOWN_TOPIC_OR_PART,
)
"""The broker says one of these while partitions get a leader, as those of a new topic do."""


class LogId(msgspec.Struct, frozen=True, array_like=True):
    """Kafka's ids of the cluster and of the topic. Offsets mean something only within both."""

    cluster_id: str
    topic_id: str


@dataclass(frozen=True, slots=True)
class PartitionLog:
    """One partition as the broker has it now."""

    log_id: LogId
    start: int
    """Offset of its first record."""
    end: int
    """Offset behind its last record."""


def read_logs(settings: Settings, topics: Collection[str]) -> Mapping[Place, PartitionLog]:
    """Returns every partition of these topics; topics that are not there are left out.

    Raises `Unavailable`.
    """
    until = time.monotonic() + ELECTION_S
    while True:
        try:
            return _read_logs(settings, topics)
        except KafkaException as error:
            kafka_error = error.args[0]
            if kafka_error.code() not in ELECTING or time.monotonic() > until:
                raise Unavailable("kafka", kafka_error.name()) from error
            time.sleep(TRY_AGAIN_S)


def _read_logs(settings: Settings, topics: Collection[str]) -> Mapping[Place, PartitionLog]:
    admin = AdminClient({"bootstrap.servers": settings.kafka, "log_level": 0})
    existing = admin.list_topics(timeout=RESPONSE_S).topics
    names = [name for name in topics if name in existing]
    if not names:
        return {}
    cluster = admin.describe_cluster(request_timeout=RESPONSE_S).result()
    described = admin.describe_topics(TopicCollection(names), request_timeout=RESPONSE_S)
    log_ids = {}
    places = []
    for name, future in described.items():
        topic = future.result()
        log_ids[name] = LogId(cluster.cluster_id, str(topic.topic_id))
        places += [TopicPartition(name, partition.id) for partition in topic.partitions]
    starts = _offsets(admin, places, OffsetSpec.earliest())
    ends = _offsets(admin, places, OffsetSpec.latest())
    logs = {}
    for place, end in ends.items():
        logs[place] = PartitionLog(log_ids[place[0]], starts[place], end)
    return logs


def _offsets(
    admin: AdminClient, places: Collection[TopicPartition], spec: OffsetSpec
) -> dict[Place, int]:
    futures = admin.list_offsets(dict.fromkeys(places, spec), request_timeout=RESPONSE_S)
    offsets = {}
    for place, future in futures.items():
        offsets[place.topic, place.partition] = future.result().offset
    return offsets
