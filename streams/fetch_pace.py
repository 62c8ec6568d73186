"""Lets some time pass between two fetches of a consumer that reads from many partitions.

A fetch names every partition, in the request and in the response, and aiokafka does both in Python:
some 10 µs for each. One that follows another at once would bring a record or two, and cost as much
as one with thousands. After a while without records a fetch is always out, and nothing waits.
"""

import asyncio
import time
from collections import defaultdict
from typing import Any


class FetchPace:
    """Paces the fetches of one consumer; `pause_s` is the least time between two, by partition."""

    def __init__(self, pause_s: float) -> None:
        self._pause_s = pause_s
        self._watched: Any = None
        self._ended_at: defaultdict[int, float] = defaultdict(float)
        """When the last fetch from each broker ended."""

    def watch(self, fetcher: Any) -> None:
        """Makes the fetcher wait between its fetches. aiokafka has no public way to do so."""
        if fetcher is self._watched:
            return
        self._watched = fetcher
        fetch = fetcher._proc_fetch_request

        async def paced(assignment: Any, node_id: int, request: Any) -> bool:
            try:
                await asyncio.sleep(self._left_s(node_id, request))
            except asyncio.CancelledError:
                return False  # as the fetch itself does, whose fetcher reads its result
            has_records: bool = await fetch(assignment, node_id, request)
            self._ended_at[node_id] = time.monotonic()
            return has_records

        fetcher._proc_fetch_request = paced

    def _left_s(self, node_id: int, request: Any) -> float:
        places = sum(len(partitions) for _, partitions in request.topics)
        return max(0.0, self._ended_at[node_id] + places * self._pause_s - time.monotonic())
