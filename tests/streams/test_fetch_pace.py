"""Fetches that name many partitions are some time apart; one after a silence is out at once."""

import asyncio
import time
from types import SimpleNamespace
from typing import Any

import pytest

from streams.fetch_pace import FetchPace

PAUSE_S = 0.001


class Fetcher:
    """The part of aiokafka that is paced."""

    def __init__(self) -> None:
        self.sent_at: list[float] = []

    async def _proc_fetch_request(self, assignment: Any, node_id: int, request: Any) -> bool:
        self.sent_at.append(time.monotonic())
        return True


def request(partitions: int) -> Any:
    return SimpleNamespace(topics=[("journal", [(number, 0, 1) for number in range(partitions)])])


@pytest.fixture
def fetcher() -> Fetcher:
    fetcher = Fetcher()
    FetchPace(PAUSE_S).watch(fetcher)
    return fetcher


def fetched(fetcher: Fetcher, partitions: int, nodes: tuple[int, ...]) -> list[bool]:
    async def fetching() -> list[bool]:
        return [
            await fetcher._proc_fetch_request(None, node, request(partitions)) for node in nodes
        ]

    return asyncio.run(fetching())


def test_the_next_fetch_waits_in_proportion_to_the_partitions_it_names(fetcher: Fetcher) -> None:
    assert fetched(fetcher, 100, (1, 1)) == [True, True]
    first, second = fetcher.sent_at
    assert second - first >= 100 * PAUSE_S


def test_each_broker_has_a_pace_of_its_own(fetcher: Fetcher) -> None:
    fetched(fetcher, 10_000, (1, 2))  # one pace for both would take ten seconds
    first, second = fetcher.sent_at
    assert second - first < 5.0


def test_a_fetch_that_is_taken_away_while_it_waits_brings_nothing(fetcher: Fetcher) -> None:
    """aiokafka takes it away when the partitions are given out anew, and reads its result."""

    async def taken_away() -> bool:
        await fetcher._proc_fetch_request(None, 1, request(1))
        waiting = asyncio.ensure_future(fetcher._proc_fetch_request(None, 1, request(10_000)))
        await asyncio.sleep(0)
        waiting.cancel()
        return await waiting

    assert asyncio.run(taken_away()) is False
    assert len(fetcher.sent_at) == 1


def test_a_fetcher_is_paced_once() -> None:
    fetcher, pace = Fetcher(), FetchPace(PAUSE_S)
    pace.watch(fetcher)
    paced = fetcher._proc_fetch_request
    pace.watch(fetcher)
    assert fetcher._proc_fetch_request == paced
