"""The stream of changes of flags: it hands them on to all who listen.

A listener hears from now on, or from the last change heard. One too slow to keep up is let go, and
never holds others up. It loses nothing by it: whoever comes back says what was heard last.
"""

import asyncio
import threading
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import contextmanager
from itertools import islice
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

MAX_WAITING = 1_000
"""More changes do not wait for one listener: it is let go."""
PAST_AT_ONCE = 200
Positions = Mapping[int, int]
"""The next offset to hear, by partition."""
Change = tuple[str, str, Any]
"""Kind (`raised` or `cleared`), id and content. The id names what has been heard up to this change,
in every partition."""


class Listener:
    """One watcher of the stream.

    Each change from `begun_at` on comes through `next`, until the listener is let go.
    """

    def __init__(self, begun_at: Positions) -> None:
        self.begun_at = begun_at
        self._loop = asyncio.get_running_loop()
        self._waiting: asyncio.Queue[Change | None] = asyncio.Queue(MAX_WAITING + 1)

    def hear(self, change: Change) -> None:
        """Adds a change that is to be heard. Safe from any thread."""
        self._loop.call_soon_threadsafe(self._put, change)

    async def next(self, timeout_s: float) -> Change | None:
        """Returns the next change; None once the listener was too slow and has had all that waits.

        Raises `TimeoutError` if there is nothing to hear.
        """
        return await asyncio.wait_for(self._waiting.get(), timeout_s)

    def _put(self, change: Change) -> None:
        if self._waiting.qsize() < MAX_WAITING:
            self._waiting.put_nowait(change)
        elif not self._waiting.full():
            self._waiting.put_nowait(None)


class FlagStream:
    """Follows the topic of flags, and hands each change on to the listeners of this process."""

    def __init__(self, settings: Settings, codec: Codec) -> None:
        self._settings = settings
        self._codec = codec
        self._lock = threading.Lock()
        self._listeners: set[Listener] = set()
        self._heard: dict[int, int] = {}
        self.follower = Follower(settings, FLAGS, self._follow)

    def positions(self) -> Positions:
        """Returns where the stream is now. Raises `Unavailable` while it has not begun."""
        if not self.follower.ready:
            raise Unavailable("kafka", "the stream of flags has not begun")
        with self._lock:
            return self._positions()

    def id_of(self, heard: Positions) -> str:
        """Writes positions as the id of the change that was heard last."""
        return id_of(heard, self.follower.topic_id)

    def positions_of(self, event_id: str) -> Positions | None:
        """Reads an id of this stream; None for an id of another, and for any other text."""
        return positions_of(event_id, self.positions(), self.follower.topic_id)

    @contextmanager
    def listen(self) -> "Iterator[Listener]":
        """Gives a listener that hears each change from here on."""
        with self._lock:
            listener = Listener(self._positions())
            self._listeners.add(listener)
        try:
            yield listener
        finally:
            with self._lock:
                self._listeners.discard(listener)

    async def past(self, begin: Positions, end: Positions) -> AsyncIterator[Change]:
        """Gives the changes between two positions. It reads a stretch of them at a time."""
        heard = dict(begin)
        messages = between(self._settings, FLAGS, begin, end)
        while stretch := await asyncio.to_thread(_some, messages):
            for message in stretch:
                heard[message.partition()] = message.offset() + 1
                change = self._change(message, heard)
                if change is not None:
                    yield change

    def _follow(self, message: Message) -> None:
        with self._lock:
            if message.offset() < self._heard.get(message.partition(), 0):
                self._heard.clear()  # the log is another one, or was cut
            self._heard[message.partition()] = message.offset() + 1
            listeners = list(self._listeners)
            heard = self._positions()
        if not listeners:
            return
        change = self._change(message, heard)
        if change is None:
            return
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
        kind = "raised" if isinstance(event, FlagRaised) else "cleared"
        return kind, self.id_of(heard), msgspec.to_builtins(event)


def id_of(heard: Positions, topic_id: str) -> str:
    """Writes positions as the id of the change that was heard last: `12.5@<id of the topic>`."""
    offsets = ".".join(str(heard[partition]) for partition in sorted(heard))
    return f"{offsets}@{topic_id}"


def positions_of(event_id: str, now: Positions, topic_id: str) -> Positions | None:
    """Reads what `id_of` wrote; None for anything else, and for positions this topic never had.

    Ids of earlier releases name no topic.
    """
    offsets, _, named = event_id.partition("@")
    if named not in ("", topic_id):
        return None
    parts = offsets.split(".")
    if len(parts) != len(now) or not all(_is_offset(part) for part in parts):
        return None
    heard = dict(zip(sorted(now), map(int, parts), strict=True))
    if any(heard[partition] > now[partition] for partition in now):
        return None
    return heard


def _is_offset(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 20


def _some(messages: Iterator[Message]) -> list[Message]:
    return list(islice(messages, PAST_AT_ONCE))
