"""Brings a broker and a registry to what `schemas/` says: every topic page, every event schema.

It is safe to run again: settings of topics that are there are brought to what their pages say.
Guarantee: after it, topics that share their keys have equal numbers of partitions.
"""

import sys
from collections.abc import Collection, Mapping, Sequence
from contextlib import closing

import structlog
from confluent_kafka import KafkaError, KafkaException
from confluent_kafka.admin import (
    AdminClient,
    AlterConfigOpType,
    ConfigEntry,
    ConfigResource,
    NewTopic,
    ResourceType,
    TopicMetadata,
)

from infra.errors import InfraError, SetupError, Unavailable
from infra.kafka.registry import Registry
from infra.logs import configure_logs
from infra.settings import Settings
from schemas.contract.topics import TOPICS, Topic

DAY_MS = 86_400_000
FAILED = 2
Replicated = tuple[Topic, int]
"""A topic that is there, and how many replicas it has."""
logger = structlog.get_logger()


def main() -> None:
    settings = Settings()
    configure_logs(settings)
    try:
        provision(settings)
    except InfraError as error:
        sys.stderr.write(f"{error}\n")
        sys.exit(FAILED)


def provision(settings: Settings) -> None:
    """Raises `SetupError` where numbers of partitions do not fit, and `Unavailable`."""
    provision_topics(settings, TOPICS)
    with closing(Registry(settings)) as registry:
        registry.register_all()


def provision_topics(settings: Settings, topics: Collection[Topic]) -> None:
    """Creates topics that are missing, and brings the settings of the others to their pages.

    Nothing is created or changed where a topic that is there has another number of partitions.
    """
    admin = AdminClient({"bootstrap.servers": settings.kafka, "log_level": 0})
    try:
        described = admin.list_topics(timeout=settings.request_timeout_s).topics
        counts = {name: len(described[name].partitions) for name in described}
        wrong = wrong_partitions(counts, topics, settings.partitions)
        if wrong:
            raise SetupError(wrong)
        _create(admin, settings, [topic for topic in topics if topic.name not in described])
        existing = [
            (topic, _replicas(described[topic.name])) for topic in topics if topic.name in described
        ]
        _warn_of_other_replicas(settings, existing)
        _alter_settings(admin, settings, existing)
    except KafkaException as error:
        raise Unavailable("kafka", error.args[0].name()) from error


def min_insync_replicas(replication_factor: int) -> int:
    """Returns how many replicas must have a record before the producer is answered.

    They are all but one, so that writing goes on while one is away.
    """
    return max(1, replication_factor - 1)


def topic_settings(topic: Topic, replicas: int) -> dict[str, str]:
    """Returns Kafka's settings of a topic that has so many replicas, by their names.

    The number is what the topic has, not what the settings say: one that had to have more replicas
    than there are would take no record.
    """
    retention = -1 if topic.retention_days is None else topic.retention_days * DAY_MS
    return {
        "retention.ms": str(retention),
        "compression.type": "producer",
        "max.message.bytes": "8388608",
        "min.insync.replicas": str(min_insync_replicas(replicas)),
    }


def wrong_partitions(
    counts: Mapping[str, int], topics: Collection[Topic], default: int
) -> str | None:
    """Returns a sentence that names each topic whose partitions are not what they must be.

    A key of two topics that are joined must be in partitions of equal number: else two workers have
    it, and one does not know what the other knows. Kafka cannot move what a topic has already.
    """
    wrong = []
    for topic in topics:
        expected = topic.partitions or default
        count = counts.get(topic.name, expected)
        if count != expected:
            source = "its page" if topic.partitions else "DIBIENDONG_PARTITIONS"
            wrong.append(f"{topic.name} has {count} partitions, {source} says {expected}")
    if not wrong:
        return None
    shared = {
        counts[topic.name] for topic in topics if not topic.partitions and topic.name in counts
    }
    advice = "see docs/production.md, Partitions"
    if len(shared) == 1 and shared != {default}:
        advice = (
            f"set DIBIENDONG_PARTITIONS={shared.pop()}, since no topic that is there can change"
        )
    return f"Nothing was changed. {'; '.join(wrong)}: {advice}"


def _create(admin: AdminClient, settings: Settings, topics: Collection[Topic]) -> None:
    if not topics:
        return
    new = [_new_topic(topic, settings) for topic in topics]
    futures = admin.create_topics(new, operation_timeout=settings.request_timeout_s)
    for future in futures.values():
        _await_created(future)


def _new_topic(topic: Topic, settings: Settings) -> NewTopic:
    return NewTopic(
        topic.name,
        num_partitions=topic.partitions or settings.partitions,
        replication_factor=settings.replication_factor,
        config=topic_settings(topic, settings.replication_factor),
    )


def _await_created(future: object) -> None:
    try:
        future.result()  # type: ignore[attr-defined] # confluent-kafka has no types
    except KafkaException as error:
        if error.args[0].code() != KafkaError.TOPIC_ALREADY_EXISTS:
            raise


def _replicas(described: TopicMetadata) -> int:
    """Returns the number of replicas that every partition of the topic has at least."""
    return min(len(partition.replicas) for partition in described.partitions.values())


def _warn_of_other_replicas(settings: Settings, topics: Sequence[Replicated]) -> None:
    """Names topics with another number of replicas: only an administrator can move replicas."""
    for topic, number in topics:
        if number != settings.replication_factor:
            logger.warning(
                "topic has another number of replicas",
                topic=topic.name,
                replicas=number,
                replication_factor=settings.replication_factor,
            )


def _alter_settings(admin: AdminClient, settings: Settings, topics: Sequence[Replicated]) -> None:
    if not topics:
        return
    timeout_s = settings.request_timeout_s
    resources = [ConfigResource(ResourceType.TOPIC, topic.name) for topic, _ in topics]
    current = {}
    for resource, future in admin.describe_configs(resources, request_timeout=timeout_s).items():
        entries = future.result()
        current[resource.name] = {name: entry.value for name, entry in entries.items()}
    changed = []
    for topic, number in topics:
        changes = _changes(topic.name, current[topic.name], topic_settings(topic, number))
        if changes:
            changed.append(
                ConfigResource(ResourceType.TOPIC, topic.name, incremental_configs=changes)
            )
    if not changed:
        return
    for future in admin.incremental_alter_configs(changed, request_timeout=timeout_s).values():
        future.result()


def _changes(
    topic: str, current: Mapping[str, str], wanted: Mapping[str, str]
) -> list[ConfigEntry]:
    entries = []
    for name, value in wanted.items():
        before = current.get(name)
        if before != value:
            logger.info("setting changes", topic=topic, name=name, before=before, after=value)
            operation = AlterConfigOpType.SET
            entries.append(ConfigEntry(name, value, incremental_operation=operation))
    return entries


if __name__ == "__main__":
    main()
