"""A door is ready while it takes posts: the broker counts, ClickHouse is only reported."""

import asyncio
import time
from types import SimpleNamespace
from typing import Any

import pytest
from confluent_kafka import KafkaError, KafkaException

from api.backends import clickhouse
from api.backends.broker_watch import (
    PROBE_S,
    REFUSED_FOR_S,
    TRUSTED_S,
    BrokerWatch,
    probe_of,
)
from api.backends.clickhouse import ReadSide
from schemas.contract.topics import CHECKPOINT_SCANS
from tests.api.conftest import Bench
from tests.plain_settings import plain_settings

TIMED_OUT = KafkaError(KafkaError._MSG_TIMED_OUT)


class Probed:
    """A broker that is probed at a time of the test's own."""

    def __init__(self) -> None:
        self.now = 1_000.0
        self.answers = True
        self.probes = 0
        self.watch = BrokerWatch(self._probe, lambda: self.now)

    def _probe(self) -> bool:
        self.probes += 1
        return self.answers


@pytest.fixture
def broker() -> Probed:
    return Probed()


def test_a_door_is_not_ready_before_the_broker_has_answered(broker: Probed) -> None:
    assert not broker.watch.takes_posts
    broker.watch.look()
    assert broker.watch.takes_posts


def test_a_broker_that_falls_silent_counts_for_a_few_seconds_and_then_no_more(
    broker: Probed,
) -> None:
    broker.watch.look()
    broker.answers = False
    broker.now += TRUSTED_S - 0.1
    broker.watch.look()
    assert broker.watch.takes_posts
    broker.now += 0.1
    assert not broker.watch.takes_posts
    broker.answers = True
    broker.watch.look()
    assert broker.watch.takes_posts


def test_a_probe_that_never_comes_back_keeps_no_door_ready(broker: Probed) -> None:
    broker.watch.look()
    broker.now += TRUSTED_S
    assert not broker.watch.takes_posts


def test_deliveries_that_succeed_make_probes_unnecessary(broker: Probed) -> None:
    for _ in range(20):
        broker.watch.note(None)
        broker.now += PROBE_S / 2
        broker.watch.look()
    assert (broker.watch.takes_posts, broker.probes) == (True, 0)


def test_a_failed_delivery_outweighs_a_broker_that_answers_probes(broker: Probed) -> None:
    broker.watch.look()
    broker.watch.note(TIMED_OUT)
    broker.now += PROBE_S
    broker.watch.look()
    assert not broker.watch.takes_posts
    broker.watch.note(None)
    assert broker.watch.takes_posts


def test_a_failed_delivery_is_forgiven_by_a_probe_after_a_while(broker: Probed) -> None:
    broker.watch.note(TIMED_OUT)
    broker.now += REFUSED_FOR_S
    assert not broker.watch.takes_posts
    broker.watch.look()
    assert broker.watch.takes_posts


def test_a_record_that_the_broker_refuses_says_nothing_of_the_broker(broker: Probed) -> None:
    broker.watch.look()
    broker.watch.note(KafkaError(KafkaError.INVALID_TIMESTAMP))
    assert broker.watch.takes_posts


@pytest.mark.parametrize(
    ("leaders", "answers"), [([1, 1], True), ([1, -1], False), ([], False), (None, False)]
)
def test_a_probe_wants_a_leader_of_each_partition(leaders: list[int] | None, answers: bool) -> None:
    def list_topics(name: str, timeout: float) -> Any:
        if leaders is None:
            raise KafkaException(KafkaError(KafkaError._TRANSPORT))
        partitions = {at: SimpleNamespace(leader=leader) for at, leader in enumerate(leaders)}
        topic = SimpleNamespace(error=None, partitions=partitions)
        return SimpleNamespace(topics={CHECKPOINT_SCANS.name: topic})

    assert probe_of(SimpleNamespace(list_topics=list_topics))() is answers


def test_readyz_is_503_while_the_broker_takes_no_posts_and_200_without_clickhouse(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def away() -> bool:
        return False

    monkeypatch.setattr(type(bench.doors.verdicts.follower), "ready", True)
    assert bench.client.get("/readyz").status_code == 200
    monkeypatch.setattr(bench.doors.clickhouse, "alive", away)
    reads_are_away = bench.client.get("/readyz")
    assert reads_are_away.status_code == 200
    assert reads_are_away.json() == {
        "broker": True,
        "reference": True,
        "verdicts": True,
        "flags": True,
        "clickhouse": False,
        "open": True,
        "tables": {"complete": None, "since": None, "records_left": 0},
    }
    bench.broker.away = True
    answer = bench.client.get("/readyz")
    assert (answer.status_code, answer.json()["broker"]) == (503, False)


def test_probes_of_a_frozen_clickhouse_are_short_and_never_pile_up(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(clickhouse, "ALIVE_S", 0.05)
    side = ReadSide(plain_settings())
    queries: list[str] = []
    thawed: list[asyncio.Event] = []

    async def frozen(query: str, parameters: Any, table: Any = None) -> list[dict[str, Any]]:
        queries.append(query)
        await thawed[0].wait()
        return [{"one": 1}]

    monkeypatch.setattr(side, "ask_text", frozen)

    async def ask() -> None:
        thawed.append(asyncio.Event())
        begun = time.monotonic()
        assert await asyncio.gather(*(side.alive() for _ in range(50))) == [False] * 50
        assert await side.alive() is False
        assert time.monotonic() - begun < 5
        assert len(queries) == 1
        thawed[0].set()
        await asyncio.sleep(0)
        assert await side.alive() is True
        await side.close()

    asyncio.run(ask())
