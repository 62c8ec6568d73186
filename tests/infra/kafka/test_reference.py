"""The follower of the reference data, over a topic in memory."""

from typing import Any

import pytest

from infra.kafka.reference import ReferenceFollower
from schemas.contract.codec import Codec
from tests.plain_settings import plain_settings
from tests.streams.fakes import SchemaFiles
from tests.waiting import wait_until

RECORDS = 500


class Record:
    def __init__(self, offset: int) -> None:
        self._offset = offset

    def offset(self) -> int:
        return self._offset

    def error(self) -> None:
        return None

    def value(self) -> bytes:
        return b"unreadable, so skipped"


class LongTopic:
    """A consumer that counts how often it has to say where the topic ends."""

    def __init__(self, _: Any) -> None:
        self.next = 0
        self.end_requests = 0

    def assign(self, _: Any) -> None:
        pass

    def get_watermark_offsets(self, _: Any, timeout: float) -> tuple[int, int]:
        self.end_requests += 1
        return 0, RECORDS

    def poll(self, _: float) -> Record | None:
        self.next += 1
        return Record(self.next - 1) if self.next <= RECORDS else None

    def close(self) -> None:
        pass


def test_the_end_of_a_long_topic_is_requested_once(monkeypatch: pytest.MonkeyPatch) -> None:
    topic = LongTopic(None)
    monkeypatch.setattr("infra.kafka.reference.Consumer", lambda _: topic)
    follower = ReferenceFollower(plain_settings(), Codec(SchemaFiles()))
    follower.start()
    wait_until(lambda: follower.ready, what="the topic to be read")
    follower.stop()
    assert (topic.end_requests, follower.current.version) == (1, RECORDS - 1)
