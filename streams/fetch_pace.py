"""Bounds the part of its time that a worker spends on fetches.

A fetch looks at every partition of the worker, and aiokafka does that in Python. Under load a fetch
that follows another at once would bring a record or two, and cost as much as one with thousands. So
fetches have a budget; one that is beyond it waits, and records gather. After a while without
records a fetch is always out, and nothing waits.
"""

import asyncio
import time
from collections.abc import Callable
from typing import Any

FETCH_COST_S = 4e-6
"""What a fetch takes of the processor for each partition: 2 ms for 512, 8 ms for 1,920."""
SAVED_S = 0.05
"""So much time may be saved up for fetches that follow one another."""


class FetchPace:
    """Paces the fetches of one consumer, which have this `part` of its time."""

    def __init__(self, part: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._part = part
        self._clock = clock
        self._budget_s = SAVED_S
        self._counted_at = clock()
        self._watched: Any = None

    def watch(self, fetcher: Any) -> None:
        """Makes the fetcher wait before fetches that are beyond the budget.

        aiokafka has no public way to do so.
        """
        if fetcher is self._watched:
            return
        self._watched = fetcher
        fetch = fetcher._proc_fetch_request

        async def paced(assignment: Any, node_id: int, request: Any) -> bool:
            places = sum(len(partitions) for _, partitions in request.topics)
            try:
                await asyncio.sleep(self.wait_s(places))
            except asyncio.CancelledError:
                return False  # as the fetch itself does, whose fetcher reads its result
            has_records: bool = await fetch(assignment, node_id, request)
            return has_records

        fetcher._proc_fetch_request = paced

    def wait_s(self, places: int) -> float:
        """Returns how long the next fetch, of so many partitions, has to wait; counts its cost."""
        now = self._clock()
        earned_s = (now - self._counted_at) * self._part
        self._budget_s = min(SAVED_S, self._budget_s + earned_s) - places * FETCH_COST_S
        self._counted_at = now
        return max(0.0, -self._budget_s / self._part)
