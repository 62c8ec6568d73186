"""Hands changes of flags on to everybody who listens, from now on or from the last change heard; a listener too slow to keep up is let go,
never holds others up, and loses nothing by it: whoever comes back says what was heard last."""

import asyncio
import threading
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import msgspec
from confluent_kafka import Message

from infra.errors import Unavailable
from infra.kafka.follower import Follower, between
from infra.settings import Settings
from schemas.contract.codec import Codec
from schemas.contract.errors import Poison
from schemas.contract.events import FlagRaised
from schemas.contract.topics import FLAGS

WAITING_MOST = 1_000
PAST_AT_ONCE = 200
Positions = Mapping[int, int]
"""Next offset to hear, by partition."""
Change = tuple[str, str, Any]
"""Kind (`raised` or `cleared`), id and content. The id names what has been heard up to and with this change, in every partition."""


class Listener:
    """One watcher. `begun_at`: everything from here on comes through `next`, until it is let go."""

    def __init__(self, begun_at: Positions) -> None:
        self.begun_at = begun_at
        self._loop = asyncio.get_running_loop()
        self._waiting: asyncio.Queue[Change | None] = asyncio.Queue(WAITING_MOST + 1)

    def hear(self, change: Change) -> None:
        """Safe from any thread."""
        self._loop.call_soon_threadsafe(self._put, change)

    async def next(self, timeout_s: float) -> Change | None:
        """None once it was too slow and has had all that was kept for it. Raises `TimeoutError` if there is nothing to hear."""
        return await asyncio.wait_for(self._waiting.get(), timeout_s)

    def _put(self, change: Change) -> None:
        if self._waiting.qsize() < WAITING_MOST:
            self._waiting.put_nowait(change)
        elif not self._waiting.full():
            self._waiting.put_nowait(None)


class FlagStream:
    def __init__(self, settings: Settings, codec: Codec) -> None:
        self._settings, self._codec, self._lock = settings, codec, threading.Lock()
        self._listeners: set[Listener] = set()
        self._heard: dict[int, int] = {}
        self.follower = Follower(settings, FLAGS, self._take)

    def positions(self) -> Positions:
        """Where the stream is now. Raises `Unavailable` while the topic is not followed yet."""
        if not self.follower.ready:
            raise Unavailable("kafka", "the stream of flags has not begun")
        with self._lock:
            return self._positions()

    @contextmanager
    def listen(self) -> "Iterator[Listener]":
        with self._lock:
            listener = Listener(self._positions())
            self._listeners.add(listener)
        try:
            yield listener
        finally:
            with self._lock:
                self._listeners.discard(listener)

    async def past(self, begin: Positions, end: Positions) -> AsyncIterator[Change]:
        """What was said between two positions, a stretch at a time."""
        heard, messages = dict(begin), between(self._settings, FLAGS, begin, end)
        while stretch := await asyncio.to_thread(_some, messages):
            for message in stretch:
                heard[message.partition()] = message.offset() + 1
                if (change := self._change(message, heard)) is not None:
                    yield change

    def _take(self, message: Message) -> None:
        with self._lock:
            self._heard[message.partition()] = message.offset() + 1
            listeners, heard = list(self._listeners), self._positions()
        if listeners and (change := self._change(message, heard)) is not None:
            for listener in listeners:
                listener.hear(change)

    def _positions(self) -> Positions:
        return {
            partition: self._heard.get(partition, begun)
            for partition, begun in self.follower.begun_at.items()
        }

    def _change(self, message: Message, heard: Positions) -> Change | None:
        try:
            event = self._codec.decode(message.value())
        except Poison:
            return None
        return (
            "raised" if isinstance(event, FlagRaised) else "cleared",
            id_of(heard),
            msgspec.to_builtins(event),
        )


def id_of(heard: Positions) -> str:
    return ".".join(str(heard[partition]) for partition in sorted(heard))


def positions_of(event_id: str, now: Positions) -> Positions | None:
    """What `id_of` wrote; None for anything else, or for positions this topic never had."""
    parts = event_id.split(".")
    if len(parts) != len(now) or not all(
        part.isascii() and part.isdigit() and len(part) < 20 for part in parts
    ):
        return None
    said = dict(zip(sorted(now), map(int, parts), strict=True))
    return said if all(said[partition] <= now[partition] for partition in now) else None


def _some(messages: Iterator[Message]) -> list[Message]:
    return [message for _, message in zip(range(PAST_AT_ONCE), messages, strict=False)]
