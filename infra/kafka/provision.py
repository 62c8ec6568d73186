"""Brings a broker and a registry to what `schemas/` says: every topic page, every event schema.

It is safe to run again.
"""

from contextlib import closing

from confluent_kafka import KafkaError, KafkaException
from confluent_kafka.admin import AdminClient, NewTopic

from infra.errors import Unavailable
from infra.kafka.registry import Registry
from infra.settings import Settings
from schemas.contract.topics import TOPICS, Topic

DAY_MS = 86_400_000


def provision(settings: Settings) -> None:
    _create_topics(settings)
    with closing(Registry(settings)) as registry:
        registry.register_all()


def _create_topics(settings: Settings) -> None:
    admin = AdminClient({"bootstrap.servers": settings.kafka, "log_level": 0})
    topics = [_new_topic(topic, settings) for topic in TOPICS]
    try:
        futures = admin.create_topics(topics, operation_timeout=settings.request_timeout_s)
        for future in futures.values():
            _await_created(future)
    except KafkaException as error:
        raise Unavailable("kafka", error.args[0].name()) from error


def _new_topic(topic: Topic, settings: Settings) -> NewTopic:
    retention = -1 if topic.retention_days is None else topic.retention_days * DAY_MS
    return NewTopic(
        topic.name,
        num_partitions=topic.partitions or settings.partitions,
        replication_factor=settings.replication_factor,
        config={
            "retention.ms": str(retention),
            "compression.type": "producer",
            "max.message.bytes": "8388608",
        },
    )


def _await_created(future: object) -> None:
    try:
        future.result()  # type: ignore[attr-defined] # confluent-kafka has no types
    except KafkaException as error:
        if error.args[0].code() != KafkaError.TOPIC_ALREADY_EXISTS:
            raise


if __name__ == "__main__":
    provision(Settings())
