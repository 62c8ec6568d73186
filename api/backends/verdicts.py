"""Waits for verdicts: wakes the request whose scan was decided.

It follows the topic `verdicts` from now on.
"""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from cachetools import FIFOCache
from confluent_kafka import Message

from infra.kafka.follower import Follower
from infra.settings import Settings
from schemas.contract.codec import Codec
from schemas.contract.errors import Poison
from schemas.contract.events import VerdictReached
from schemas.contract.topics import VERDICTS

REMEMBERED = 50_000


class Verdicts:
    """The verdicts of the recent past, and the requests that wait for one."""

    def __init__(self, settings: Settings, codec: Codec) -> None:
        self._codec = codec
        self._lock = threading.Lock()
        self._waiting: dict[str, asyncio.Future[VerdictReached]] = {}
        self._recent: FIFOCache[str, VerdictReached] = FIFOCache(REMEMBERED)
        self.follower = Follower(settings, VERDICTS, self._follow)

    def get(self, scan_id: str) -> VerdictReached | None:
        """Returns the verdict on a scan of the recent past."""
        with self._lock:
            return self._recent.get(scan_id)

    @contextmanager
    def expect(self, scan_id: str) -> "Iterator[asyncio.Future[VerdictReached]]":
        """Gives a future of the verdict. The scan is sent afterwards: no verdict is too fast."""
        future: asyncio.Future[VerdictReached] = asyncio.get_running_loop().create_future()
        with self._lock:
            self._waiting[scan_id] = future
            reached = self._recent.get(scan_id)
            if reached is not None:
                future.set_result(reached)
        try:
            yield future
        finally:
            with self._lock:
                self._waiting.pop(scan_id, None)

    def _follow(self, message: Message) -> None:
        try:
            verdict = self._codec.decode(message.value())
        except Poison:
            return
        if isinstance(verdict, VerdictReached):
            self.reach(verdict)

    def reach(self, verdict: VerdictReached) -> None:
        """Wakes the request that waits for the verdict. Safe from any thread."""
        with self._lock:
            self._recent.setdefault(verdict.scan_id, verdict)
            waiting = self._waiting.get(verdict.scan_id)
        if waiting is not None:
            waiting.get_loop().call_soon_threadsafe(_wake, waiting, verdict)


def _wake(future: "asyncio.Future[VerdictReached]", verdict: VerdictReached) -> None:
    if not future.done():
        future.set_result(verdict)
