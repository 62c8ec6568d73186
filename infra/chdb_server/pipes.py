"""The two bridges between the event loop and a worker: the body of the request inwards, a pipe with the result outwards."""

import asyncio
import fcntl
import os
from collections import deque
from collections.abc import Awaitable, Callable, Iterator, MutableMapping
from contextlib import suppress
from typing import Any

from infra.chdb_server.errors import ClientGoneError

Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
CAPACITY = 1 << 20
READ_BYTES = 1 << 16
"""At a time: the memory for it is taken whole before a byte of it is known, and most results are small."""
AHEAD_BYTES = 1 << 20
"""Of a body that are here before a worker waits for more, so that slow clients do not keep the workers from others."""


class Body:
    """The request's body, read on the event loop for a worker that asks for it chunk by chunk."""

    def __init__(self, receive: Receive) -> None:
        self.receive = receive
        self.loop = asyncio.get_running_loop()
        self.complete = asyncio.Event()
        self.ahead: deque[bytes] = deque()

    async def read_ahead(self) -> None:
        """Raises ClientGoneError."""
        size = 0
        while size < AHEAD_BYTES and not self.complete.is_set():
            self.ahead.append(await self._next())
            size += len(self.ahead[-1])

    def chunks(self) -> Iterator[bytes]:
        """For the worker thread. Raises ClientGoneError when the client leaves within its own request."""
        while self.ahead:
            if chunk := self.ahead.popleft():
                yield chunk
        while not self.complete.is_set():
            if chunk := asyncio.run_coroutine_threadsafe(self._next(), self.loop).result():
                yield chunk

    async def _next(self) -> bytes:
        message = await self.receive()
        if message["type"] == "http.disconnect":
            raise ClientGoneError
        if not message.get("more_body", False):
            self.complete.set()
        return bytes(message.get("body", b""))

    async def gone(self) -> None:
        """Returns when the client has left after it had sent its whole body."""
        await self.complete.wait()
        while (await self.receive())["type"] != "http.disconnect":
            pass


class ResultPipe:
    """A pipe whose reading end the event loop waits for, and whose writing end is handed over to a worker, who closes it."""

    def __init__(self) -> None:
        self.reading, self.writing = os.pipe()
        os.set_blocking(self.reading, False)
        with suppress(
            PermissionError
        ):  # beyond the user's allowance for pipes the default capacity remains
            fcntl.fcntl(self.writing, fcntl.F_SETPIPE_SZ, CAPACITY)
        self.handed_over = False
        self.waiter: asyncio.Future[None] | None = None
        self.closed = False

    def hand_over(self) -> int:
        self.handed_over = True
        return self.writing

    async def read(self) -> bytes:
        """The next bytes; empty at the end."""
        while not self.closed:
            try:
                return os.read(self.reading, READ_BYTES)
            except BlockingIOError:
                await self._readable()
        return b""

    async def _readable(self) -> None:
        loop = asyncio.get_running_loop()
        self.waiter = loop.create_future()
        loop.add_reader(self.reading, self._wake)
        await self.waiter

    def _wake(self) -> None:
        asyncio.get_running_loop().remove_reader(self.reading)
        if self.waiter is not None and not self.waiter.done():
            self.waiter.set_result(None)

    async def drain(self) -> None:
        while await self.read():
            pass

    def close(self) -> None:
        """Only when the worker has ended: the engine waits without end to open a pipe that has no reader."""
        if not self.closed:
            self._wake()
            self.closed = True
            os.close(self.reading)
            if not self.handed_over:
                os.close(self.writing)
