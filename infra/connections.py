"""Bounds what one client may cost an HTTP server: connections, bytes of a head, seconds of silence.

uvicorn's own protocol takes heads of any length. It also waits without end for a client that stops
in the middle of its request or response. This module extends that protocol and reads its private
state (`flow`, `cycle`), so it is held by live tests of both servers that use it.
"""

import asyncio
import resource
from dataclasses import dataclass, replace
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

RESERVED_FILES = 256
"""A server needs this many open files besides its connections."""
REFUSALS = {
    408: b"Request Timeout",
    431: b"Request Header Fields Too Large",
    503: b"Service Unavailable",
}
REFUSAL = (
    b"HTTP/1.1 %d %s\r\n"
    b"content-type: text/plain\r\n"
    b"content-length: %d\r\n"
    b"connection: close\r\n"
    b"\r\n"
    b"%s"
)
LOOKS_PER_BOUND = 4
"""Number of looks of the protocol at each connection within its shortest time."""


@dataclass(frozen=True, slots=True)
class ConnectionLimits:
    connections: int
    head_bytes: int
    """All but the body counts: first line, headers, a chunked body's framing and trailers."""
    head_s: float
    """Time from the connection, or a further request's first byte, to the last header."""
    silence_s: float
    """Longest time in which a client may send nothing of an awaited body, or take no response byte.

    After an early response, what the client still sends is thrown away for as long, so that it has
    time to read the response.
    """


def server_options(limits: ConnectionLimits) -> dict[str, Any]:
    """Returns options of uvicorn that hold its clients to `limits`.

    There are never more connections than this process may have files open. WebSockets are off: they
    would leave these bounds, and no route speaks them.
    """
    connections = min(limits.connections, _allow_many_files() - RESERVED_FILES)
    bounded = replace(limits, connections=connections)
    protocol = type("Bounded", (BoundedProtocol,), {"limits": bounded})
    return {"http": protocol, "ws": "none"}


def _allow_many_files() -> int:
    """Raises this process's allowance of open files as far as it may, and returns it."""
    _, allowance = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (allowance, allowance))
    return allowance


class BoundedProtocol(HttpToolsProtocol):
    """One connection. uvicorn calls the methods that have no underscore."""

    limits: ConnectionLimits

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override] # uvicorn's own signature
        super().connection_made(transport)
        now = self.loop.time()
        self._head_since: float | None = now
        self._received_at = now
        self._taken_at = now
        self._responded_at = now
        self._request_is_whole = False
        self._head_bytes = 0
        self._unsent_bytes = 0
        self._watch()
        if len(self.connections) > self.limits.connections:
            self._refuse(503)

    def connection_lost(self, exc: Exception | None) -> None:
        self._watching.cancel()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self.transport.is_closing():
            return
        self._received_at = self.loop.time()
        self._head_bytes += len(data)
        super().data_received(data)
        if self._head_bytes > self.limits.head_bytes:
            self._refuse(431)

    def on_message_begin(self) -> None:
        self._head_bytes = 0
        self._request_is_whole = False
        self._head_since = self.loop.time()
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        self._head_since = None
        super().on_headers_complete()

    def on_header(self, name: bytes, value: bytes) -> None:
        is_trailer = self._head_since is None
        if not is_trailer:  # trailers are read by nothing here
            super().on_header(name, value)

    def on_body(self, body: bytes) -> None:
        self._head_bytes = 0
        super().on_body(body)

    def on_message_complete(self) -> None:
        self._request_is_whole = True
        super().on_message_complete()

    def on_response_complete(self) -> None:
        self._responded_at = self.loop.time()
        super().on_response_complete()

    def _watch(self) -> None:
        shortest_s = min(self.limits.head_s, self.limits.silence_s)
        self._watching = self.loop.call_later(shortest_s / LOOKS_PER_BOUND, self._look)

    def _look(self) -> None:
        now = self.loop.time()
        if self._takes_nothing(now):
            self.transport.abort()
            return

        if self._head_is_late(now) or self._sends_nothing(now):
            self._refuse(408)
        elif self._sends_in_vain(now):
            self.transport.close()
        self._watch()

    def _takes_nothing(self, now: float) -> bool:
        unsent = self.transport.get_write_buffer_size()
        has_shrunk = unsent < self._unsent_bytes
        self._unsent_bytes = unsent
        if unsent == 0 or has_shrunk:
            self._taken_at = now
        return now - self._taken_at > self.limits.silence_s

    def _head_is_late(self, now: float) -> bool:
        return self._head_since is not None and now - self._head_since > self.limits.head_s

    def _sends_nothing(self, now: float) -> bool:
        awaits_body = self._in_work and not self._request_is_whole and not self.flow.read_paused
        if not awaits_body:
            self._received_at = now
        return now - self._received_at > self.limits.silence_s

    def _sends_in_vain(self, now: float) -> bool:
        """Returns whether a client has gone on for too long after the response was complete."""
        has_responded = self.cycle is not None and self.cycle.response_complete
        if not has_responded or self._request_is_whole or self._head_since is not None:
            return False
        return now - self._responded_at > self.limits.silence_s

    @property
    def _in_work(self) -> bool:
        return self.cycle is not None and not self.cycle.response_complete

    def _refuse(self, status: int) -> None:
        """Closes the connection. Says why only where no response has begun; reads nothing more."""
        if self.transport.is_closing():
            return
        has_begun = self._in_work and self.cycle.response_started
        if not has_begun:
            reason = REFUSALS[status]
            self.transport.write(REFUSAL % (status, reason, len(reason), reason))
        self.transport.close()
