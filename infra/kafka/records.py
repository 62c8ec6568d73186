"""Reads single records of many partitions at once."""

import time
from collections.abc import Collection, Mapping

from confluent_kafka import Message, TopicPartition

from infra.errors import Unavailable
from infra.kafka.follower import new_consumer
from infra.kafka.offsets import Place
from infra.settings import Settings

POLL_S = 0.5
MAX_WAIT_S = 20.0


def records_at(settings: Settings, offsets: Mapping[Place, int]) -> Mapping[Place, Message]:
    """Returns one record of each partition: that at the offset, or else the next one after it.

    Each offset must lie before the partition's end. Raises `Unavailable`.
    """
    found: dict[Place, Message] = {}
    if not offsets:
        return found
    consumer = new_consumer(settings)
    until = time.monotonic() + MAX_WAIT_S
    try:
        consumer.assign(
            [TopicPartition(topic, number, offset) for (topic, number), offset in offsets.items()]
        )
        while len(found) < len(offsets):
            message = consumer.poll(POLL_S)
            if message is not None and not message.error():
                place = message.topic(), message.partition()
                if place not in found:
                    found[place] = message
                    consumer.incremental_unassign([TopicPartition(*place)])
            elif time.monotonic() > until:
                missing = _names(offsets.keys() - found.keys())
                raise Unavailable("kafka", f"records of {missing} are not delivered")
    finally:
        consumer.close()
    return found


def first_of_later_leader(settings: Settings, place: Place, begin: int, end: int) -> int:
    """Returns the first offset behind `begin` with a later leader epoch than the record there.

    It is `end` where no record before the end has one. Raises `Unavailable`.
    """
    topic, partition = place
    consumer = new_consumer(settings)
    until = time.monotonic() + MAX_WAIT_S
    leader_epoch: int | None = None
    try:
        consumer.assign([TopicPartition(topic, partition, begin)])
        while True:
            message = consumer.poll(POLL_S)
            if message is None or message.error():
                if time.monotonic() > until:
                    raise Unavailable("kafka", f"records of {topic} are not delivered")
                continue
            if leader_epoch is None:
                leader_epoch = message.leader_epoch()
            elif message.leader_epoch() != leader_epoch:
                return int(message.offset())
            if message.offset() + 1 >= end:
                return end
    finally:
        consumer.close()


def _names(places: Collection[Place]) -> str:
    return ", ".join(sorted({topic for topic, _ in places}))
