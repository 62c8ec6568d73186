"""Where topics begin and end on the broker."""

from collections.abc import Mapping, Sequence

from confluent_kafka import KafkaException, TopicPartition
from confluent_kafka.admin import AdminClient, OffsetSpec

from infra.errors import Unavailable
from infra.settings import Settings
from schemas.contract.topics import Topic

Place = tuple[str, int]
"""Topic and partition."""
ANSWER_S = 10.0


def beginnings(settings: Settings, topics: Sequence[Topic]) -> Mapping[Place, int]:
    return _offsets(settings, topics, OffsetSpec.earliest())


def ends(settings: Settings, topics: Sequence[Topic]) -> Mapping[Place, int]:
    return _offsets(settings, topics, OffsetSpec.latest())


def _offsets(settings: Settings, topics: Sequence[Topic], which: OffsetSpec) -> Mapping[Place, int]:
    """Raises `Unavailable`."""
    admin = AdminClient({"bootstrap.servers": settings.kafka, "log_level": 0})
    wanted = {topic.name for topic in topics}
    try:
        pages = admin.list_topics(timeout=ANSWER_S).topics
        places = [
            TopicPartition(name, number)
            for name in wanted & set(pages)
            for number in pages[name].partitions
        ]
        asked = (
            admin.list_offsets(dict.fromkeys(places, which), request_timeout=ANSWER_S)
            if places
            else {}
        )
        return {(one.topic, one.partition): future.result().offset for one, future in asked.items()}
    except KafkaException as error:
        raise Unavailable("kafka", error.args[0].name()) from error
