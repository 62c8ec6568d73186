"""Counts the records that wait for each stage.

The count is what lies between the commits of its consumer group and the ends of its topics.
"""

from typing import TYPE_CHECKING

from infra.settings import Settings
from schemas.contract.topics import TOPICS
from streams.stages import STAGES

if TYPE_CHECKING:
    from confluent_kafka import TopicPartition
    from confluent_kafka.admin import AdminClient

RESPONSE_S = 3.0
Place = tuple[str, int]
"""A place is a topic and a partition."""


def group_id(settings: Settings, stage: str) -> str:
    """Returns a stage's consumer group: each has its own, so that it scales and fails alone."""
    return f"{settings.consumer_group}-{stage}"


def lags(settings: Settings) -> dict[str, int]:
    """Returns nothing when the broker does not respond. A stage without topics has no entry.

    The lag of a stage that stands beyond the end of a partition is negative: by so many records.
    """
    from confluent_kafka import KafkaException
    from confluent_kafka.admin import AdminClient

    admin = AdminClient({"bootstrap.servers": settings.kafka, "log_level": 0})
    try:
        partitions = _existing(admin)
        ends = _end_offsets(admin, partitions)
        return {
            stage: _lag(admin, group_id(settings, stage), consumed, ends)
            for stage, consumed in partitions.items()
            if consumed
        }
    except KafkaException:
        return {}


def _existing(admin: "AdminClient") -> dict[str, list["TopicPartition"]]:
    """Returns the partitions that each stage reads, as far as their topics exist yet."""
    from confluent_kafka import TopicPartition

    topics = admin.list_topics(timeout=RESPONSE_S).topics
    partitions: dict[str, list[TopicPartition]] = {stage: [] for stage in STAGES}
    for page in TOPICS:
        if page.name not in topics:
            continue
        for stage in partitions.keys() & set(page.consumers):
            for number in topics[page.name].partitions:
                partitions[stage].append(TopicPartition(page.name, number))
    return partitions


def _end_offsets(
    admin: "AdminClient", partitions: dict[str, list["TopicPartition"]]
) -> dict[Place, int]:
    from confluent_kafka.admin import OffsetSpec

    requests = {}
    for consumed in partitions.values():
        requests.update(dict.fromkeys(consumed, OffsetSpec.latest()))
    if not requests:
        return {}
    futures = admin.list_offsets(requests, request_timeout=RESPONSE_S)
    ends = {}
    for partition, future in futures.items():
        ends[partition.topic, partition.partition] = future.result().offset
    return ends


def _lag(
    admin: "AdminClient",
    group: str,
    partitions: list["TopicPartition"],
    ends: dict[Place, int],
) -> int:
    from confluent_kafka import ConsumerGroupTopicPartitions

    request = ConsumerGroupTopicPartitions(group, partitions)
    (future,) = admin.list_consumer_group_offsets([request], request_timeout=RESPONSE_S).values()
    done: dict[Place, int] = {}
    for committed in future.result().topic_partitions:
        done[committed.topic, committed.partition] = max(committed.offset, 0)
    lags = []
    for partition in partitions:
        place = partition.topic, partition.partition
        lags.append(ends[place] - done.get(place, 0))
    beyond_the_end = sum(lag for lag in lags if lag < 0)
    return beyond_the_end or sum(lags)
