"""Fetches have a part of a worker's time; one after a silence is out at once."""

import asyncio
import time
from types import SimpleNamespace
from typing import Any

import pytest

from streams.fetch_pace import FETCH_COST_S, SAVED_S, FetchPace

PLACES = 512
COST_S = PLACES * FETCH_COST_S
FREE = int(SAVED_S / COST_S)
"""So many fetches the savings pay for."""


class Fetcher:
    """The part of aiokafka that is paced."""

    def __init__(self) -> None:
        self.sent_at: list[float] = []

    async def _proc_fetch_request(self, assignment: Any, node_id: int, request: Any) -> bool:
        self.sent_at.append(time.monotonic())
        return True


def request(partitions: int) -> Any:
    return SimpleNamespace(topics=[("journal", [(number, 0, 1) for number in range(partitions)])])


def test_fetches_that_follow_one_another_get_their_part_of_the_time_and_no_more() -> None:
    now = [0.0]
    pace = FetchPace(0.25, clock=lambda: now[0])
    fetches = 0
    while now[0] < 10.0:
        now[0] += pace.wait_s(PLACES)
        fetches += 1
    assert fetches * COST_S == pytest.approx(10.0 * 0.25, rel=0.05)


def test_fetches_within_their_part_never_wait() -> None:
    now = [0.0]
    pace = FetchPace(0.25, clock=lambda: now[0])
    waits = []
    for _ in range(1_000):
        waits.append(pace.wait_s(PLACES))
        now[0] += COST_S / 0.2
    assert set(waits) == {0.0}


def test_silence_saves_up_for_a_few_fetches() -> None:
    now = [0.0]
    pace = FetchPace(0.05, clock=lambda: now[0])
    now[0] = 3_600.0
    waits = [pace.wait_s(PLACES) for _ in range(FREE + 2)]
    assert waits[:FREE] == [0.0] * FREE
    assert 0.0 < waits[FREE] < waits[FREE + 1]


def test_a_fetch_beyond_the_budget_is_sent_later() -> None:
    fetcher = Fetcher()
    FetchPace(0.25).watch(fetcher)
    dear = request(round((SAVED_S + 0.02) / FETCH_COST_S))

    async def fetching() -> list[bool]:
        begun.append(time.monotonic())
        return [await fetcher._proc_fetch_request(None, 1, each) for each in (request(1), dear)]

    begun: list[float] = []
    assert asyncio.run(fetching()) == [True, True]
    assert fetcher.sent_at[1] - begun[0] >= 0.02 / 0.25


def test_a_fetch_that_is_taken_away_while_it_waits_brings_nothing() -> None:
    """aiokafka takes it away when the partitions are given out anew, and reads its result."""
    fetcher = Fetcher()
    FetchPace(0.25).watch(fetcher)

    async def taken_away() -> bool:
        waiting = asyncio.ensure_future(fetcher._proc_fetch_request(None, 1, request(10**6)))
        await asyncio.sleep(0)
        waiting.cancel()
        return await waiting

    assert asyncio.run(taken_away()) is False
    assert not fetcher.sent_at


def test_a_fetcher_is_paced_once() -> None:
    fetcher, pace = Fetcher(), FetchPace(0.25)
    pace.watch(fetcher)
    paced = fetcher._proc_fetch_request
    pace.watch(fetcher)
    assert fetcher._proc_fetch_request == paced
