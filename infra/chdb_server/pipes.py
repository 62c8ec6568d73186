"""The two bridges between the event loop and a worker.

The body of the request goes inwards, a pipe with the result outwards.
"""

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
"""Largest result of one read; small, as its memory is allocated before a byte is known."""
AHEAD_BYTES = 1 << 20
"""Size of the part of a body that has arrived before a worker takes it.

Slow clients therefore do not keep the workers from others.
"""


class Body:
    """The request's body, read on the event loop for a worker that takes it chunk by chunk."""

    def __init__(self, receive: Receive) -> None:
        self.receive = receive
        self.loop = asyncio.get_running_loop()
        self.complete = asyncio.Event()
        self.ahead: deque[bytes] = deque()

    async def read_ahead(self) -> None:
        """Reads the first part of the body. Raises ClientGoneError."""
        size = 0
        while size < AHEAD_BYTES and not self.complete.is_set():
            chunk = await self._next()
            self.ahead.append(chunk)
            size += len(chunk)

    def chunks(self) -> Iterator[bytes]:
        """Yields the body on the worker thread.

        Raises ClientGoneError when the client leaves within its own request.
        """
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
    """A pipe from a worker to the event loop.

    The event loop waits for the reading end. The writing end is handed over to the worker, which
    closes it.
    """

    def __init__(self) -> None:
        self.reading, self.writing = os.pipe()
        os.set_blocking(self.reading, False)
        # Beyond the user's allowance for pipes, the default capacity remains.
        with suppress(PermissionError):
            fcntl.fcntl(self.writing, fcntl.F_SETPIPE_SZ, CAPACITY)
        self.handed_over = False
        self.waiter: asyncio.Future[None] | None = None
        self.closed = False

    def hand_over(self) -> int:
        self.handed_over = True
        return self.writing

    async def read(self) -> bytes:
        """Returns the next bytes; nothing at the end."""
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
        """Closes what is still open of the pipe.

        Call `close` only after the worker has ended: the engine waits without end to open a pipe
        that has no reader.
        """
        if self.closed:
            return
        self._wake()
        self.closed = True
        os.close(self.reading)
        if not self.handed_over:
            os.close(self.writing)
