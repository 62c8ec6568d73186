"""Waits for verdicts: follows the `verdicts` topic from now on and wakes the request whose scan was decided."""

import asyncio
import threading
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager

from confluent_kafka import Message

from infra.kafka.follower import Follower
from infra.settings import Settings
from schemas.contract.codec import Codec
from schemas.contract.errors import Poison
from schemas.contract.events import VerdictReached
from schemas.contract.topics import VERDICTS

REMEMBERED = 50_000


class Verdicts:
    """`expect` before the scan is sent, so that no verdict is too fast; `get` answers for the recent past."""

    def __init__(self, settings: Settings, codec: Codec) -> None:
        self._codec = codec
        self._lock = threading.Lock()
        self._waiting: dict[str, asyncio.Future[VerdictReached]] = {}
        self._recent: OrderedDict[str, VerdictReached] = OrderedDict()
        self.follower = Follower(settings, VERDICTS, self._take)

    def get(self, scan_id: str) -> VerdictReached | None:
        with self._lock:
            return self._recent.get(scan_id)

    @contextmanager
    def expect(self, scan_id: str) -> "Iterator[asyncio.Future[VerdictReached]]":
        future: asyncio.Future[VerdictReached] = asyncio.get_running_loop().create_future()
        with self._lock:
            self._waiting[scan_id] = future
            if (already := self._recent.get(scan_id)) is not None:
                future.set_result(already)
        try:
            yield future
        finally:
            with self._lock:
                self._waiting.pop(scan_id, None)

    def _take(self, message: Message) -> None:
        try:
            verdict = self._codec.decode(message.value())
        except Poison:
            return
        if isinstance(verdict, VerdictReached):
            self.reach(verdict)

    def reach(self, verdict: VerdictReached) -> None:
        """Wakes whoever waits for it. Safe from any thread."""
        with self._lock:
            self._recent.setdefault(verdict.scan_id, verdict)
            while len(self._recent) > REMEMBERED:
                self._recent.popitem(last=False)
            waiting = self._waiting.get(verdict.scan_id)
        if waiting is not None:
            waiting.get_loop().call_soon_threadsafe(_wake, waiting, verdict)


def _wake(future: "asyncio.Future[VerdictReached]", verdict: VerdictReached) -> None:
    if not future.done():
        future.set_result(verdict)
