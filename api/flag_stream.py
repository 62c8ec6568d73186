"""Hands changes of flags on to everybody who listens; a listener too slow to keep up loses the oldest, never holds others up."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import msgspec
from confluent_kafka import Message

from infra.kafka.follower import Follower
from infra.settings import Settings
from schemas.codec import Codec
from schemas.errors import SchemaError
from schemas.events import FlagRaised
from schemas.topics import FLAGS

WAITING_MOST = 1_000
Change = tuple[str, str, Any]
"""Kind (`raised` or `cleared`), id and content."""


class FlagStream:
    def __init__(self, settings: Settings, codec: Codec) -> None:
        self._codec, self._lock = codec, threading.Lock()
        self._listeners: dict[asyncio.Queue[Change], asyncio.AbstractEventLoop] = {}
        self.follower = Follower(settings, FLAGS, self._take)

    @contextmanager
    def listen(self) -> "Iterator[asyncio.Queue[Change]]":
        queue: asyncio.Queue[Change] = asyncio.Queue(WAITING_MOST)
        with self._lock:
            self._listeners[queue] = asyncio.get_running_loop()
        try:
            yield queue
        finally:
            with self._lock:
                del self._listeners[queue]

    def _take(self, message: Message) -> None:
        with self._lock:
            listeners = list(self._listeners.items())
        if not listeners:
            return
        try:
            event = self._codec.decode(message.value())
        except SchemaError:
            return
        kind = "raised" if isinstance(event, FlagRaised) else "cleared"
        change = (kind, f"{message.partition()}-{message.offset()}", msgspec.to_builtins(event))
        for queue, loop in listeners:
            loop.call_soon_threadsafe(_put, queue, change)


def _put(queue: "asyncio.Queue[Change]", change: Change) -> None:
    if queue.full():
        queue.get_nowait()
    queue.put_nowait(change)
