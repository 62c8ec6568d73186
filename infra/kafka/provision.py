"""Brings a broker and a registry to what `schemas/` says: every topic page, every event schema.

It is safe to run again: settings of topics that are there are brought to what their pages say.
Guarantee: after it, topics that share their keys have equal numbers of partitions.
"""

import sys
from collections.abc import Collection, Mapping
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
)

from infra.errors import InfraError, SetupError, Unavailable
from infra.kafka.registry import Registry
from infra.logs import configure_logs
from infra.settings import Settings
from schemas.contract.topics import TOPICS, Topic

DAY_MS = 86_400_000
FAILED = 2
Counts = Mapping[str, int]
"""The number of partitions of each topic, or of replicas, by its name."""
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
        _refuse_other_partitions(admin, settings, topics)
        _create_missing(admin, settings, topics)
        # Another may have created some of them with other settings in the meantime.
        _refuse_other_partitions(admin, settings, topics)
        _warn_of_other_replicas(admin, settings, topics)
        _alter_settings(admin, settings, topics)
    except KafkaException as error:
        raise Unavailable("kafka", error.args[0].name()) from error


def min_insync_replicas(replication_factor: int) -> int:
    """Returns how many replicas must have a record before its writer is told so.

    One replica may be away, where there are several: writing goes on, and no copy is the only one.
    """
    return max(1, replication_factor - 1)


def topic_settings(topic: Topic, settings: Settings) -> dict[str, str]:
    """Returns Kafka's settings of the topic, by their names."""
    retention = -1 if topic.retention_days is None else topic.retention_days * DAY_MS
    return {
        "retention.ms": str(retention),
        "compression.type": "producer",
        "max.message.bytes": "8388608",
        "min.insync.replicas": str(min_insync_replicas(settings.replication_factor)),
    }


def wrong_partitions(counts: Counts, topics: Collection[Topic], default: int) -> str | None:
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
    shared = [topic.name for topic in topics if topic.partitions is None]
    numbers = {counts[name] for name in shared if name in counts}
    advice = "they must be equal before anything can run (docs/production.md)"
    if len(numbers) == 1:
        advice = (
            f"set DIBIENDONG_PARTITIONS={numbers.pop()}: it cannot change once topics are there"
        )
    return f"Nothing was changed. {'; '.join(wrong)}: {advice}"


def _refuse_other_partitions(
    admin: AdminClient, settings: Settings, topics: Collection[Topic]
) -> None:
    counts = {}
    for name, described in admin.list_topics(timeout=settings.request_timeout_s).topics.items():
        counts[name] = len(described.partitions)
    wrong = wrong_partitions(counts, topics, settings.partitions)
    if wrong:
        raise SetupError(wrong)


def _create_missing(admin: AdminClient, settings: Settings, topics: Collection[Topic]) -> None:
    new = [_new_topic(topic, settings) for topic in topics]
    futures = admin.create_topics(new, operation_timeout=settings.request_timeout_s)
    for future in futures.values():
        _await_created(future)


def _new_topic(topic: Topic, settings: Settings) -> NewTopic:
    return NewTopic(
        topic.name,
        num_partitions=topic.partitions or settings.partitions,
        replication_factor=settings.replication_factor,
        config=topic_settings(topic, settings),
    )


def _await_created(future: object) -> None:
    try:
        future.result()  # type: ignore[attr-defined] # confluent-kafka has no types
    except KafkaException as error:
        if error.args[0].code() != KafkaError.TOPIC_ALREADY_EXISTS:
            raise


def _warn_of_other_replicas(
    admin: AdminClient, settings: Settings, topics: Collection[Topic]
) -> None:
    """Names topics with another number of replicas: only an administrator can move replicas."""
    described = admin.list_topics(timeout=settings.request_timeout_s).topics
    for topic in topics:
        partitions = described[topic.name].partitions.values()
        replicas = min(len(partition.replicas) for partition in partitions)
        if replicas != settings.replication_factor:
            logger.warning(
                "topic has another number of replicas",
                topic=topic.name,
                replicas=replicas,
                replication_factor=settings.replication_factor,
            )


def _alter_settings(admin: AdminClient, settings: Settings, topics: Collection[Topic]) -> None:
    resources = [ConfigResource(ResourceType.TOPIC, topic.name) for topic in topics]
    described = admin.describe_configs(resources, request_timeout=settings.request_timeout_s)
    current = {}
    for resource, future in described.items():
        entries = future.result()
        current[resource.name] = {name: entry.value for name, entry in entries.items()}
    changed = []
    for topic in topics:
        entries = _changes(topic.name, current[topic.name], topic_settings(topic, settings))
        if entries:
            changed.append(
                ConfigResource(ResourceType.TOPIC, topic.name, incremental_configs=entries)
            )
    if changed:
        altered = admin.incremental_alter_configs(
            changed, request_timeout=settings.request_timeout_s
        )
        for future in altered.values():
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
