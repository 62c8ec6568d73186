"""Asks the broker what a consumer group has finished."""

from collections.abc import Mapping

from confluent_kafka import ConsumerGroupTopicPartitions, KafkaException
from confluent_kafka.admin import AdminClient

from infra.errors import Unavailable
from infra.kafka.offsets import RESPONSE_S, Place
from infra.settings import Settings


def committed(settings: Settings, group: str) -> Mapping[Place, int]:
    """Returns the offsets that the group has committed; nothing for a group that is not known.

    Raises `Unavailable`.
    """
    admin = AdminClient({"bootstrap.servers": settings.kafka, "log_level": 0})
    request = [ConsumerGroupTopicPartitions(group)]
    try:
        (future,) = admin.list_consumer_group_offsets(request, request_timeout=RESPONSE_S).values()
        found = future.result().topic_partitions
    except KafkaException as error:
        raise Unavailable("kafka", error.args[0].name()) from error
    offsets = {}
    for partition in found:
        if partition.offset >= 0:
            offsets[partition.topic, partition.partition] = partition.offset
    return offsets
