"""Waits for verdicts: wakes the request whose scan was decided.

It follows the topic `verdicts` from now on. Two scans of different documents may have got one id
at two doors: each request hears the verdict of its own document alone.
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
Waiting = tuple[str, "asyncio.Future[VerdictReached]"]
"""The document key of a scan, and the future of its verdict."""


class Verdicts:
    """The verdicts of the recent past, and the requests that wait for one."""

    def __init__(self, settings: Settings, codec: Codec) -> None:
        self._codec = codec
        self._lock = threading.Lock()
        self._waiting: dict[str, list[Waiting]] = {}
        self._recent: FIFOCache[str, tuple[VerdictReached, ...]] = FIFOCache(REMEMBERED)
        self.follower = Follower(settings, VERDICTS, self._follow)

    def get(self, scan_id: str) -> tuple[VerdictReached, ...]:
        """Returns the verdicts of the recent past on scans with this id, the first one first.

        Several are of different documents. Of two about the same scan the first is kept.
        """
        with self._lock:
            return self._recent.get(scan_id, ())

    @contextmanager
    def expect(self, scan_id: str, document_key: str) -> "Iterator[asyncio.Future[VerdictReached]]":
        """Gives a future of the verdict. The scan is sent afterwards: no verdict is too fast."""
        future: asyncio.Future[VerdictReached] = asyncio.get_running_loop().create_future()
        waiting = (document_key, future)
        with self._lock:
            self._waiting.setdefault(scan_id, []).append(waiting)
            for verdict in self._recent.get(scan_id, ()):
                if is_of_document(verdict, document_key):
                    _wake(future, verdict)
        try:
            yield future
        finally:
            with self._lock:
                self._waiting[scan_id].remove(waiting)
                if not self._waiting[scan_id]:
                    del self._waiting[scan_id]

    def _follow(self, message: Message) -> None:
        try:
            verdict = self._codec.decode(message.value())
        except Poison:
            return
        if isinstance(verdict, VerdictReached):
            self.reach(verdict)

    def reach(self, verdict: VerdictReached) -> None:
        """Wakes the requests that wait for the verdict. Safe from any thread."""
        with self._lock:
            known = self._recent.get(verdict.scan_id, ())
            if all(earlier.document_key != verdict.document_key for earlier in known):
                self._recent[verdict.scan_id] = (*known, verdict)
            waiting = list(self._waiting.get(verdict.scan_id, ()))
        for document_key, future in waiting:
            if is_of_document(verdict, document_key):
                future.get_loop().call_soon_threadsafe(_wake, future, verdict)


def is_of_document(verdict: VerdictReached, document_key: str) -> bool:
    """Returns whether the verdict is about a scan of this document.

    Verdicts of earlier releases do not tell. They are taken by the scan's id, as they were then.
    """
    return verdict.document_key in (None, document_key)


def _wake(future: "asyncio.Future[VerdictReached]", verdict: VerdictReached) -> None:
    if not future.done():
        future.set_result(verdict)
