"""Asks the broker what a consumer group has finished, and where its topics begin.

It asks as a consumer that joins no group. librdkafka's admin client would end the whole process
(`rd_kafka_enq_once_del_source_return`) when a frozen broker answers a request that has timed out.
"""

from collections.abc import Collection, Mapping

from confluent_kafka import Consumer, KafkaException, TopicPartition

from infra.errors import Unavailable
from infra.kafka.offsets import Place
from infra.settings import Settings

RESPONSE_S = 5.0


class GroupOffsets:
    """One connection, for as long as somebody asks. Each request is bounded."""

    def __init__(self, settings: Settings, group: str) -> None:
        self._consumer = Consumer(
            {
                "bootstrap.servers": settings.kafka,
                "group.id": group,
                "enable.auto.commit": False,
                "log_level": 0,
            }
        )

    def committed(self, topics: Collection[str]) -> Mapping[Place, int]:
        """Returns each offset that the group has committed in these topics.

        Raises `Unavailable`.
        """
        try:
            existing = self._consumer.list_topics(timeout=RESPONSE_S).topics
            places = []
            for name in existing.keys() & topics:
                places += [TopicPartition(name, number) for number in existing[name].partitions]
            found = self._consumer.committed(places, timeout=RESPONSE_S) if places else []
        except KafkaException as error:
            raise Unavailable("kafka", error.args[0].name()) from error
        offsets = {}
        for place in found:
            if place.error is None and place.offset >= 0:
                offsets[place.topic, place.partition] = place.offset
        return offsets

    def beginnings(self, places: Collection[Place]) -> Mapping[Place, int]:
        """Returns the first offset of each partition. Raises `Unavailable`."""
        try:
            return {place: self._beginning(place) for place in places}
        except KafkaException as error:
            raise Unavailable("kafka", error.args[0].name()) from error

    def close(self) -> None:
        self._consumer.close()

    def _beginning(self, place: Place) -> int:
        begin: int = self._consumer.get_watermark_offsets(
            TopicPartition(*place), timeout=RESPONSE_S
        )[0]
        return begin
