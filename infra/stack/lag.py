"""How many records wait for each stage, from what its consumer group committed and where its topics end."""

from typing import TYPE_CHECKING

from infra.settings import Settings
from schemas.contract.topics import TOPICS
from streams.stages import STAGES

if TYPE_CHECKING:
    from confluent_kafka import TopicPartition
    from confluent_kafka.admin import AdminClient

ANSWER_S = 3.0


def group_id(settings: Settings, stage: str) -> str:
    """The consumer group of a stage, one per stage so that each scales and fails alone."""
    return f"{settings.consumer_group}-{stage}"


def lags(settings: Settings) -> dict[str, int]:
    """Empty when the broker does not answer. A stage whose topics do not exist yet has no entry."""
    from confluent_kafka import KafkaException
    from confluent_kafka.admin import AdminClient

    admin = AdminClient({"bootstrap.servers": settings.kafka, "log_level": 0})
    try:
        partitions = _existing(admin)
        ends = _end_offsets(admin, [one for found in partitions.values() for one in found])
        return {
            stage: _lag(admin, group_id(settings, stage), found, ends)
            for stage, found in partitions.items()
            if found
        }
    except KafkaException:
        return {}


def _existing(admin: "AdminClient") -> dict[str, list["TopicPartition"]]:
    from confluent_kafka import TopicPartition

    topics = admin.list_topics(timeout=ANSWER_S).topics
    return {
        stage: [
            TopicPartition(page.name, number)
            for page in TOPICS
            if stage in page.consumers and page.name in topics
            for number in topics[page.name].partitions
        ]
        for stage in STAGES
    }


def _end_offsets(
    admin: "AdminClient", partitions: list["TopicPartition"]
) -> dict[tuple[str, int], int]:
    from confluent_kafka.admin import OffsetSpec

    if not partitions:
        return {}
    asked = admin.list_offsets(
        {one: OffsetSpec.latest() for one in partitions}, request_timeout=ANSWER_S
    )
    return {(one.topic, one.partition): future.result().offset for one, future in asked.items()}


def _lag(
    admin: "AdminClient",
    group: str,
    partitions: list["TopicPartition"],
    ends: dict[tuple[str, int], int],
) -> int:
    from confluent_kafka import ConsumerGroupTopicPartitions

    request = ConsumerGroupTopicPartitions(group, partitions)
    (future,) = admin.list_consumer_group_offsets([request], request_timeout=ANSWER_S).values()
    done = {
        (one.topic, one.partition): max(one.offset, 0) for one in future.result().topic_partitions
    }
    return sum(
        max(ends[place] - done.get(place, 0), 0)
        for place in {(one.topic, one.partition) for one in partitions}
    )
