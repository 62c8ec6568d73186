"""Lets a door go without a refused connection: it says so, serves on for a while, then closes.

A proxy learns from `/readyz` that the door goes. Until it has asked, it sends requests on, and
these are served. Kept connections are closed with their next response, so that none is cut off.
"""

import signal
import time
from types import FrameType
from typing import Any

import uvicorn
from starlette.types import ASGIApp, Message, Receive, Scope, Send

CLOSE = (b"connection", b"close")


class Draining:
    """An application that can be told that its door goes."""

    def __init__(self, app: Any) -> None:
        self._app: ASGIApp = app
        self._state = app.state

    def begin(self) -> None:
        self._state.is_draining = True

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        is_draining = getattr(self._state, "is_draining", False)
        if scope["type"] != "http" or not is_draining:
            await self._app(scope, receive, send)
            return

        async def send_last(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], CLOSE]
            await send(message)

        await self._app(scope, receive, send_last)


class DrainingServer(uvicorn.Server):
    """A server that goes on for `drain_s` seconds after SIGTERM.

    A second signal, and SIGINT, which is a person's Ctrl-C, end it at once.
    """

    def __init__(self, config: uvicorn.Config, app: Draining, drain_s: float) -> None:
        super().__init__(config)
        self._draining = app
        self._drain_s = drain_s
        self._drains_until: float | None = None

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        if sig == signal.SIGTERM and self._drains_until is None:
            self._draining.begin()
            self._drains_until = time.monotonic() + self._drain_s
            return
        super().handle_exit(sig, frame)

    async def on_tick(self, counter: int) -> bool:
        has_drained = self._drains_until is not None and time.monotonic() >= self._drains_until
        if has_drained and not self.should_exit:
            super().handle_exit(signal.SIGTERM, None)
        return await super().on_tick(counter)
