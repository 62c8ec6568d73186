"""What topics must be like, without a broker."""

from dataclasses import replace

import pytest

from infra.kafka.provision import min_insync_replicas, topic_settings, wrong_partitions
from schemas.contract.topics import DECLARATIONS, HEALTH_TESTS, REFERENCE

TOPICS = (DECLARATIONS, HEALTH_TESTS, REFERENCE)


@pytest.mark.parametrize(("replicas", "in_sync"), [(1, 1), (2, 1), (3, 2), (5, 4)])
def test_a_record_is_on_all_replicas_but_one(replicas: int, in_sync: int) -> None:
    assert min_insync_replicas(replicas) == in_sync


def test_settings_are_those_of_the_page() -> None:
    assert topic_settings(DECLARATIONS, 3) == {
        "retention.ms": str(90 * 86_400_000),
        "compression.type": "producer",
        "max.message.bytes": "8388608",
        "min.insync.replicas": "2",
    }
    forever = replace(DECLARATIONS, retention_days=None)
    assert topic_settings(forever, 1)["retention.ms"] == "-1"


def test_equal_numbers_are_accepted_and_missing_topics_too() -> None:
    assert wrong_partitions({"declarations": 4, "reference": 1}, TOPICS, 4) is None


def test_topics_that_agree_on_another_number_name_the_setting_to_give() -> None:
    assert wrong_partitions({"declarations": 4, "reference": 1}, TOPICS, 8) == (
        "Nothing was changed. declarations has 4 partitions, DIBIENDONG_PARTITIONS says 8: "
        "set DIBIENDONG_PARTITIONS=4, since no topic that is there can change"
    )


def test_topics_that_disagree_are_named() -> None:
    assert wrong_partitions({"declarations": 4, "health-tests": 8}, TOPICS, 8) == (
        "Nothing was changed. declarations has 4 partitions, DIBIENDONG_PARTITIONS says 8: "
        "see docs/production.md, Partitions"
    )


def test_a_fixed_number_is_that_of_the_page() -> None:
    sentence = wrong_partitions({"declarations": 4, "reference": 3}, TOPICS, 4)
    assert sentence is not None
    assert "reference has 3 partitions, its page says 1" in sentence
    assert "DIBIENDONG_PARTITIONS" not in sentence
