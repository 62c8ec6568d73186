"""Fetches within a session name what has changed; together they name what whole ones would."""

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest
from aiokafka.protocol.fetch import (
    FetchRequest,
    FetchRequest_v4,
    FetchRequest_v7,
    FetchRequest_v11,
)
from hypothesis import given, settings
from hypothesis import strategies as st

from streams.fetch_session import FetchSessions, use_sessions

Named = dict[tuple[str, int], int]
PLACES = [(topic, number) for topic in ("journal", "flags") for number in range(3)]
NAMED = st.dictionaries(st.sampled_from(PLACES), st.integers(0, 3))
FORGOTTEN, NO_SESSION = 70, 0


def whole(named: Named) -> FetchRequest:
    topics: dict[str, list[tuple[int, int, int]]] = {}
    for (topic, partition), offset in named.items():
        topics.setdefault(topic, []).append((partition, offset, 4096))
    return FetchRequest(1500, 1, 50_000_000, 0, list(topics.items()), rack_id="")


class Broker:
    """Remembers sessions as Kafka does: the partitions of each, changed by each fetch of it."""

    def __init__(self) -> None:
        self.sessions: dict[int, tuple[int, Named]] = {}
        """Epoch of the next fetch, and what is fetched, by id."""
        self.named: list[int] = []
        """How many partitions each fetch named."""
        self.is_away = False
        self.has_sessions = True

    async def send(self, node_id: int, request: FetchRequest) -> Any:
        if self.is_away:
            raise OSError("away")
        built = request.build(FetchRequest_v11)
        built.encode()
        changes = {
            (topic, partition): offset
            for topic, partitions in built.topics
            for partition, _, offset, _, _ in partitions
        }
        self.named.append(len(changes))
        if built.session_id == NO_SESSION:
            session_id = len(self.sessions) + 1 if self.has_sessions else NO_SESSION
            self.sessions[session_id] = 1, changes
            return self._answer(session_id, changes)
        epoch, fetched = self.sessions.get(built.session_id, (-1, {}))
        if epoch != built.session_epoch:
            return SimpleNamespace(API_VERSION=11, error_code=FORGOTTEN, session_id=0, fetched={})
        fetched = fetched | changes
        for topic, partitions in built.forgotten_topics_data:
            for partition in partitions:
                fetched.pop((topic, partition))
        self.sessions[built.session_id] = epoch + 1, fetched
        return self._answer(built.session_id, fetched)

    def _answer(self, session_id: int, fetched: Named) -> Any:
        return SimpleNamespace(
            API_VERSION=11, error_code=0, session_id=session_id, fetched=dict(fetched)
        )


def sent(client: FetchSessions, named: Named) -> Named:
    response = asyncio.run(client.send(1, whole(named)))
    fetched: Named = response.fetched
    return fetched


@settings(max_examples=200, deadline=None)
@given(
    fetches=st.lists(NAMED, max_size=12),
    forgotten=st.sets(st.integers(0, 11)),
    away=st.sets(st.integers(0, 11)),
)
def test_the_broker_fetches_what_each_whole_fetch_names(
    fetches: list[Named], forgotten: set[int], away: set[int]
) -> None:
    broker = Broker()
    client = FetchSessions(broker.send)
    for turn, named in enumerate(fetches):
        if turn in away:
            broker.is_away = True
            with pytest.raises(OSError, match="away"):
                sent(client, named)
            broker.is_away = False
        if turn in forgotten:
            broker.sessions.clear()
            sent(client, named)  # the broker says that it knows no such session, or begins one
        assert sent(client, named) == named


def test_a_fetch_names_only_what_has_changed() -> None:
    broker = Broker()
    client = FetchSessions(broker.send)
    everything = dict.fromkeys(PLACES, 0)
    for named in (everything, everything, {**everything, PLACES[0]: 1}, everything):
        sent(client, named)
    assert broker.named == [6, 0, 1, 1]


def test_a_broker_without_sessions_is_sent_whole_fetches() -> None:
    broker = Broker()
    broker.has_sessions = False
    client = FetchSessions(broker.send)
    for _ in range(2):
        assert sent(client, dict.fromkeys(PLACES, 0)) == dict.fromkeys(PLACES, 0)
    assert broker.named == [6, 6]


def test_a_version_without_sessions_is_the_whole_fetch() -> None:
    requests: list[Any] = []

    async def send(node_id: int, request: Any) -> None:
        requests.append(request)

    client = FetchSessions(send)
    for _ in range(2):
        asyncio.run(client.send(1, whole({PLACES[0]: 7})))
    for request in requests:
        built, expected = request.build(FetchRequest_v4), whole({PLACES[0]: 7})
        assert built.encode() == expected.build(FetchRequest_v4).encode()
    assert requests[0].build(FetchRequest_v7).session_epoch == 0


def test_a_client_gets_sessions_once_and_sends_all_else_as_before() -> None:
    async def send(node_id: int, request: Any) -> Any:
        return node_id, request

    client = SimpleNamespace(send=send)
    use_sessions(client)
    with_sessions = client.send
    use_sessions(client)
    assert client.send == with_sessions != send
    assert asyncio.run(client.send(1, "offsets")) == (1, "offsets")
