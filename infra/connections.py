"""What one client may cost a server of ours: how many connections there are, how long a head may be, how long a client may be silent.

uvicorn's own protocol takes heads of any length, and waits without end for a client that stops in the middle of its request or answer.
"""

import asyncio
import resource
from dataclasses import dataclass, replace
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

FILES_KEPT = 256
"""Open files that a server needs besides its connections."""
REFUSALS = {
    408: b"Request Timeout",
    431: b"Request Header Fields Too Large",
    503: b"Service Unavailable",
}


@dataclass(frozen=True, slots=True)
class ConnectionLimits:
    connections: int
    head_bytes: int
    """Of everything that is no body: the request's first line and headers, a chunked body's framing and trailers."""
    head_s: float
    """From the connection, or the first byte of a further request, to the end of its headers."""
    silence_s: float
    """Without a byte of a body that is waited for, or with an answer of which the client takes nothing. And how long what comes after
    an early answer is thrown away, so that the client has time to read it."""


def server_options(limits: ConnectionLimits) -> dict[str, Any]:
    """Returns options of uvicorn that hold its clients to `limits`, and to as many connections as this process may open.

    WebSockets are off: they would leave these bounds, and no route speaks them.
    """
    connections = min(limits.connections, _allow_many_files() - FILES_KEPT)
    bounded = replace(limits, connections=connections)
    return {"http": type("Bounded", (BoundedProtocol,), {"limits": bounded}), "ws": "none"}


def _allow_many_files() -> int:
    """Raises the allowance of this process as far as it may. Gives it."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    return most


class BoundedProtocol(HttpToolsProtocol):
    limits: ConnectionLimits

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override] # uvicorn's own signature
        super().connection_made(transport)
        self._head_since: float | None = self.loop.time()
        self._heard = self._taken = self._answered = self.loop.time()
        self._whole = False
        self._besides = self._unsent = 0
        self._watch()
        if len(self.connections) > self.limits.connections:
            self._refuse(503)

    def connection_lost(self, exc: Exception | None) -> None:
        self._watching.cancel()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self.transport.is_closing():
            return
        self._heard = self.loop.time()
        self._besides += len(data)
        super().data_received(data)
        if self._besides > self.limits.head_bytes:
            self._refuse(431)

    def on_message_begin(self) -> None:
        self._besides, self._whole = 0, False
        self._head_since = self.loop.time()
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        self._head_since = None
        super().on_headers_complete()

    def on_header(self, name: bytes, value: bytes) -> None:
        if self._head_since is not None:  # else a trailer, which nobody here reads
            super().on_header(name, value)

    def on_body(self, body: bytes) -> None:
        self._besides = 0
        super().on_body(body)

    def on_message_complete(self) -> None:
        self._whole = True
        super().on_message_complete()

    def on_response_complete(self) -> None:
        self._answered = self.loop.time()
        super().on_response_complete()

    def _watch(self) -> None:
        self._watching = self.loop.call_later(
            min(self.limits.head_s, self.limits.silence_s) / 4, self._look
        )

    def _look(self) -> None:
        now = self.loop.time()
        if self._takes_nothing(now):
            self.transport.abort()
            return
        if (
            self._head_since is not None and now - self._head_since > self.limits.head_s
        ) or self._says_nothing(now):
            self._refuse(408)
        elif self._goes_on_in_vain(now):
            self.transport.close()
        self._watch()

    def _takes_nothing(self, now: float) -> bool:
        unsent, before = self.transport.get_write_buffer_size(), self._unsent
        self._unsent = unsent
        if unsent == 0 or unsent < before:
            self._taken = now
        return now - self._taken > self.limits.silence_s

    def _says_nothing(self, now: float) -> bool:
        if not self._in_work or self._whole or self.flow.read_paused:
            self._heard = now
        return now - self._heard > self.limits.silence_s

    def _goes_on_in_vain(self, now: float) -> bool:
        answered = self.cycle is not None and self.cycle.response_complete
        return (
            answered
            and not self._whole
            and self._head_since is None
            and now - self._answered > self.limits.silence_s
        )

    @property
    def _in_work(self) -> bool:
        return self.cycle is not None and not self.cycle.response_complete

    def _refuse(self, status: int) -> None:
        """In so few words only where no answer has begun; what follows is not read."""
        if self.transport.is_closing():
            return
        if not (self._in_work and self.cycle.response_started):
            reason = REFUSALS[status]
            head = b"HTTP/1.1 %d %s\r\ncontent-type: text/plain\r\ncontent-length: %d\r\nconnection: close\r\n\r\n"
            self.transport.write(head % (status, reason, len(reason)) + reason)
        self.transport.close()
