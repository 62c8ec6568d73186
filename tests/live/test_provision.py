"""Topics of a real broker are brought to their pages, or refused where that cannot be."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import count

import pytest
from confluent_kafka.admin import AdminClient, ConfigResource, NewTopic, ResourceType
from structlog.testing import capture_logs

from infra.errors import SetupError
from infra.kafka.provision import provision_topics
from infra.settings import Settings
from schemas.contract.topics import DECLARATIONS, HEALTH_TESTS, REFERENCE, Topic
from tests.running_stack import RunningStack
from tests.waiting import wait_until

pytestmark = pytest.mark.live
numbers = count()


@pytest.fixture(scope="module")
def settings(empty_stack: RunningStack) -> Settings:
    empty_stack.require("kafka")
    return empty_stack.settings.model_copy(update={"partitions": 4})


@pytest.fixture
def topics(settings: Settings) -> Iterator[tuple[Topic, ...]]:
    """Two topics that share their keys, and one with a fixed number of partitions."""
    number = next(numbers)
    pages = (DECLARATIONS, HEALTH_TESTS, REFERENCE)
    own = tuple(replace(topic, name=f"own-{number}-{topic.name}") for topic in pages)
    yield own
    client = admin(settings)
    existing = client.list_topics(timeout=10).topics
    names = [topic.name for topic in own if topic.name in existing]
    for future in client.delete_topics(names).values():
        future.result()


def admin(settings: Settings) -> AdminClient:
    return AdminClient({"bootstrap.servers": settings.kafka, "log_level": 0})


def make(settings: Settings, name: str, partitions: int, **config: str) -> None:
    """Makes a topic as an earlier release, or an administrator, did."""
    own = {key.replace("_", "."): value for key, value in config.items()}
    client = admin(settings)
    (future,) = client.create_topics([NewTopic(name, partitions, 1, config=own)]).values()
    future.result()
    wait_until(lambda: name in counts(settings), what=f"{name} to be there")


def counts(settings: Settings) -> dict[str, int]:
    topics = admin(settings).list_topics(timeout=10).topics
    return {name: len(topic.partitions) for name, topic in topics.items()}


def value(settings: Settings, topic: str, name: str) -> str:
    client = admin(settings)
    (future,) = client.describe_configs([ConfigResource(ResourceType.TOPIC, topic)]).values()
    return str(future.result()[name].value)


def test_missing_topics_are_created(settings: Settings, topics: tuple[Topic, ...]) -> None:
    provision_topics(settings, topics)
    there = counts(settings)
    assert [there[topic.name] for topic in topics] == [4, 4, 1]
    assert value(settings, topics[0].name, "min.insync.replicas") == "1"
    with capture_logs() as logs:
        provision_topics(settings, topics)
    assert logs == []


def test_another_number_of_partitions_is_refused_and_nothing_created(
    settings: Settings, topics: tuple[Topic, ...]
) -> None:
    declarations, health_tests, reference = (topic.name for topic in topics)
    make(settings, declarations, 2)
    with pytest.raises(SetupError, match=f"{declarations} has 2 partitions, .* says 4: set "):
        provision_topics(settings, topics)
    assert {health_tests, reference}.isdisjoint(counts(settings))
    provision_topics(settings.model_copy(update={"partitions": 2}), topics)
    assert counts(settings)[health_tests] == 2


def test_topics_with_unequal_numbers_are_refused_whatever_the_setting(
    settings: Settings, topics: tuple[Topic, ...]
) -> None:
    make(settings, topics[0].name, 2)
    make(settings, topics[1].name, 4)
    for partitions in (2, 4, 8):
        other = settings.model_copy(update={"partitions": partitions})
        with pytest.raises(SetupError, match=r"see docs/production\.md, Partitions"):
            provision_topics(other, topics)


def test_another_number_than_the_fixed_one_is_refused(
    settings: Settings, topics: tuple[Topic, ...]
) -> None:
    make(settings, topics[2].name, 3)
    with pytest.raises(SetupError, match="has 3 partitions, its page says 1"):
        provision_topics(settings, topics)


def test_settings_of_a_topic_that_is_there_are_brought_to_its_page(
    settings: Settings, topics: tuple[Topic, ...]
) -> None:
    name = topics[0].name
    own = {"retention_ms": "1000", "max_message_bytes": "500000", "cleanup_policy": "compact"}
    make(settings, name, 4, **own)
    with capture_logs() as logs:
        provision_topics(settings, topics)
    changes = {}
    for entry in logs:
        assert (entry["event"], entry["log_level"]) == ("setting changes", "info")
        assert entry["topic"] == name
        changes[entry["name"]] = (entry["before"], entry["after"])
    assert changes == {
        "retention.ms": ("1000", str(90 * 86_400_000)),
        "max.message.bytes": ("500000", "8388608"),
    }
    # The broker says the former value for a moment.
    wait_until(lambda: value(settings, name, "max.message.bytes") == "8388608", what="the setting")
    assert value(settings, name, "retention.ms") == str(90 * 86_400_000)
    assert value(settings, name, "cleanup.policy") == "compact"


def test_another_number_of_replicas_is_told_and_not_changed(
    settings: Settings, topics: tuple[Topic, ...]
) -> None:
    provision_topics(settings, topics)
    # The broker does not name them for a moment.
    names = {topic.name for topic in topics}
    wait_until(lambda: names <= counts(settings).keys(), what="the topics")
    grown = settings.model_copy(update={"replication_factor": 3})
    with capture_logs() as logs:
        provision_topics(grown, topics)
    warnings = [entry for entry in logs if entry["log_level"] == "warning"]
    assert [entry["topic"] for entry in warnings] == [topic.name for topic in topics]
    assert {(entry["replicas"], entry["replication_factor"]) for entry in warnings} == {(1, 3)}
    # A topic with one replica that needs two in sync would take no record.
    assert value(settings, topics[0].name, "min.insync.replicas") == "1"
