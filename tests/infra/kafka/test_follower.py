"""A follower of a topic hears every record, even if it cannot be read at once."""

from typing import Any, cast

import pytest
from confluent_kafka import Message

from infra.errors import Unavailable
from infra.kafka import follower
from infra.kafka.follower import Follower
from schemas.contract.errors import Busy
from schemas.contract.topics import VERDICTS
from tests.plain_settings import plain_settings


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
