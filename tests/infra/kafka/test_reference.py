"""The follower of the reference data, over a topic in memory."""

from collections.abc import Sequence
from typing import Any

import pytest
from confluent_kafka import KafkaError

from infra.kafka.log_identity import LogId, PartitionLog
from infra.kafka.reference import ReferenceFollower
from schemas.contract.codec import Codec
from schemas.domain.log_epochs import LogEpochs
from tests.plain_settings import plain_settings
from tests.streams.fakes import SchemaFiles
from tests.waiting import wait_until

RECORDS = 500


class Record:
    def __init__(self, offset: int) -> None:
        self._offset = offset

    def offset(self) -> int:
        return self._offset

    def partition(self) -> int:
        return 0

    def error(self) -> None:
        return None

    def value(self) -> bytes:
        return b"unreadable, so skipped"


class Refusal:
    """A message of the client that says why nothing is read."""

    def error(self) -> KafkaError:
        return KafkaError(KafkaError.TOPIC_AUTHORIZATION_FAILED)


class LongTopic:
    """A topic of many records, and the consumer that reads it.

    While it may not be read, each new consumer says so once, as the client library does.
    """

    def __init__(self) -> None:
        self.next = 0
        self.may_be_read = True
        self.may_be_seen = True
        self.refused = False
        self.end_requests = 0

    def consumer(self, _: Any) -> "LongTopic":
        self.refused = False
        return self

    def logs(self, _settings: Any, _topics: Sequence[str]) -> dict[tuple[str, int], PartitionLog]:
        self.end_requests += 1
        if not self.may_be_seen:
            return {}
        return {("reference", 0): PartitionLog(LogId("cluster", "topic"), 0, RECORDS)}

    def assign(self, _: Any) -> None:
        pass

    def poll(self, _: float) -> Record | Refusal | None:
        if not self.may_be_read:
            refusal = None if self.refused else Refusal()
            self.refused = True
            return refusal
        self.next += 1
        return Record(self.next - 1) if self.next <= RECORDS else None

    def close(self) -> None:
        pass


@pytest.fixture
def topic(monkeypatch: pytest.MonkeyPatch) -> LongTopic:
    topic = LongTopic()
    monkeypatch.setattr("infra.kafka.follower.Consumer", topic.consumer)
    monkeypatch.setattr("infra.kafka.reference.read_logs", topic.logs)
    monkeypatch.setattr("infra.kafka.reference.read_epochs", lambda *_: LogEpochs())
    monkeypatch.setattr("infra.kafka.follower.RETRY_S", 0.01)
    return topic


@pytest.fixture
def follower(topic: LongTopic) -> ReferenceFollower:
    return ReferenceFollower(plain_settings(), Codec(SchemaFiles()))


def test_the_end_of_a_long_topic_is_requested_once(
    topic: LongTopic, follower: ReferenceFollower
) -> None:
    follower.start()
    wait_until(lambda: follower.ready, what="the topic to be read")
    follower.stop()
    assert (topic.end_requests, follower.current.version) == (1, RECORDS - 1)
    assert follower.not_ready_because() is None


def test_a_topic_that_may_not_be_read_is_waited_for(
    topic: LongTopic, follower: ReferenceFollower
) -> None:
    topic.may_be_read = False
    follower.start()
    refused = "the reference data cannot be read: TOPIC_AUTHORIZATION_FAILED"
    wait_until(lambda: follower.not_ready_because() == refused, what="the error to be said")
    assert not follower.wait_ready(0.1)
    topic.may_be_read = True
    wait_until(lambda: follower.ready, what="the topic to be read once it may be")
    follower.stop()


def test_a_topic_that_may_not_be_seen_is_named(
    topic: LongTopic, follower: ReferenceFollower, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("infra.kafka.reference.RETRY_S", 0.01)
    topic.may_be_seen = False
    follower.start()
    unseen = "it shows no topic reference, or no right to read it"
    wait_until(lambda: unseen in (follower.not_ready_because() or ""), what="it to be said")
    topic.may_be_seen = True
    wait_until(lambda: follower.ready, what="the topic to be read once it may be seen")
    follower.stop()


def test_a_follower_says_how_far_it_is(topic: LongTopic, follower: ReferenceFollower) -> None:
    topic.next = RECORDS  # nothing more comes
    follower.start()
    said = f"the reference data is read: 0 of {RECORDS} records"
    wait_until(lambda: follower.not_ready_because() == said, what="the progress to be said")
    follower.stop()
    assert not follower.ready


def test_whoever_asks_for_the_end_waits_for_all_that_the_topic_has_then(
    topic: LongTopic, follower: ReferenceFollower, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another's record may come between: to wait for one more record would end too early."""
    ends = {("reference", 0): RECORDS + 1}
    monkeypatch.setattr("infra.kafka.reference.ends", lambda *_: ends)
    follower.start()
    wait_until(lambda: follower.ready, what="the topic to be read")
    assert not follower.reads_to_end(0.1)
    ends["reference", 0] = RECORDS
    assert follower.reads_to_end(0.1)
    follower.stop()


def test_what_was_known_counts_until_all_is_read_anew(
    topic: LongTopic, follower: ReferenceFollower, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A door that knew nothing for a moment would refuse for good what it should take."""
    monkeypatch.setattr("infra.kafka.reference.ends", lambda *_: {("reference", 0): RECORDS})
    follower.start()
    wait_until(lambda: follower.ready, what="the topic to be read")
    known = follower.current
    topic.next = RECORDS  # no record comes for the moment
    follower.begin_anew()
    wait_until(lambda: topic.end_requests == 2, what="the topic to be read anew")
    assert follower.current is known
    assert not follower.reads_to_end(0.1)
    topic.next = 0
    assert follower.reads_to_end(5)
    assert follower.current is not known
    assert follower.current.version == RECORDS - 1
    follower.stop()
