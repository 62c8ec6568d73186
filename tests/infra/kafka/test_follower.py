"""A follower of a topic hears every record, even if it cannot be read at once."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, cast

import pytest
from confluent_kafka import Message

from infra.errors import Unavailable
from infra.kafka import follower
from infra.kafka.follower import Follower
from infra.kafka.log_identity import LogId, PartitionLog
from schemas.contract.errors import Busy
from schemas.contract.topics import VERDICTS
from tests.plain_settings import plain_settings
from tests.waiting import BOUND_S, wait_until


class Read:
    """A record that knows only its offset."""

    def offset(self) -> int:
        return 7


@pytest.mark.parametrize(
    "away",
    [Unavailable("schema registry", "TimeoutError"), Busy("the schema is not registered yet")],
)
def test_a_record_that_cannot_be_read_yet_is_given_again_until_it_is_taken(
    monkeypatch: pytest.MonkeyPatch, away: Exception
) -> None:
    monkeypatch.setattr(follower, "RETRY_S", 0.0)
    attempts = list[Any]()

    def apply(message: Message) -> None:
        attempts.append(message)
        if len(attempts) < 3:
            raise away

    record = Read()
    Follower(plain_settings(), VERDICTS, apply)._give(cast(Message, record))
    assert attempts == [record] * 3


def test_a_follower_whose_thread_has_ended_is_not_ready() -> None:
    ended = Follower(plain_settings(), VERDICTS, lambda _: None)
    ended._ready.set()
    assert not ended.ready


@dataclass(frozen=True)
class At:
    """A record at its offset of partition 0."""

    number: int

    def partition(self) -> int:
        return 0

    def offset(self) -> int:
        return self.number


def test_a_follower_is_ready_once_it_has_read_the_past_and_waits_for_what_was_there_when_asked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    place = ("verdicts", 0)
    log_ends = iter([{place: 5}, {place: 7}])
    logs = {place: PartitionLog(LogId("cluster", "topic"), 0, next(log_ends)[place])}
    monkeypatch.setattr(follower, "read_logs", lambda *_: logs)
    monkeypatch.setattr(follower, "ends", lambda *_: next(log_ends))
    monkeypatch.setattr(follower, "since", lambda *_: {place: 3})
    go_on = threading.Semaphore(0)
    applied = list[int]()

    def endless(
        _: object, __: object, next_offsets: dict[int, int], *___: object
    ) -> Iterator[Message]:
        for number in range(next_offsets[0], 7):
            go_on.acquire()
            next_offsets[0] = number + 1
            yield cast(Message, At(number))
        go_on.acquire()

    monkeypatch.setattr(follower, "endless", endless)
    following = Follower(
        plain_settings(), VERDICTS, lambda record: applied.append(record.offset()), timedelta(1)
    )
    following.start()
    go_on.release()
    wait_until(lambda: applied == [3], what="the first record of the past")
    assert not following.ready
    go_on.release()
    assert following.wait(BOUND_S)
    assert (following.ready, applied) == (True, [3, 4])
    go_on.release(2)
    following.catch_up(BOUND_S)
    assert applied == [3, 4, 5, 6]
    following._stopping.set()
    go_on.release()
    following.stop()
