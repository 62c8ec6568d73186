"""Limits of the doors: requests per account and second, bytes per body."""

from http import HTTPStatus

from limits import RateLimitItemPerSecond
from limits.aio.storage import MemoryStorage
from limits.aio.strategies import FixedWindowRateLimiter
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.http.problems import Problem
from infra.settings import Settings


class RateLimits:
    def __init__(self, settings: Settings) -> None:
        self._item = RateLimitItemPerSecond(settings.rate_limit_per_second)
        self._limiter = FixedWindowRateLimiter(MemoryStorage())

    async def take(self, account: str) -> None:
        if not await self._limiter.hit(self._item, account):
            detail = f"more than {self._item.amount} requests a second"
            raise Problem(
                HTTPStatus.TOO_MANY_REQUESTS,
                "too-many-requests",
                detail,
                headers={"Retry-After": "1"},
            )


class BodyLimit:
    """Counts while the body streams in, so that a wrong or missing Content-Length does not get past it."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self._app, self._single, self._batch = (
            app,
            settings.body_max_bytes,
            settings.batch_max_bytes,
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        most = self._batch if scope["path"].endswith("/batch") else self._single
        if _announced(scope) > most:
            raise _too_large(most)
        _refuse_packed(scope)
        counted = _Counted(receive, send, most)
        try:
            await self._app(scope, counted.receive, counted.send)
        except ClientDisconnect:
            if not counted.over:
                raise
        if counted.over:
            raise _too_large(most)


class _Counted:
    """Ends a body that grows over the limit, and keeps back what the application then says about it."""

    def __init__(self, receive: Receive, send: Send, most: int) -> None:
        self._receive, self._send, self._left = receive, send, most

    @property
    def over(self) -> bool:
        return self._left < 0

    async def receive(self) -> Message:
        message = await self._receive()
        self._left -= len(message.get("body", b""))
        return {"type": "http.disconnect"} if self.over else message

    async def send(self, message: Message) -> None:
        if not self.over:
            await self._send(message)


def _announced(scope: Scope) -> int:
    length = _header(scope, b"content-length")
    return int(length) if length.isdigit() else 0


def _refuse_packed(scope: Scope) -> None:
    """Nothing is unpacked here, so that nothing can unfold in memory."""
    if _header(scope, b"content-encoding").strip().lower() not in (b"", b"identity"):
        detail = "send the body as it is: a Content-Encoding is not read"
        raise Problem(
            HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
            "unsupported-media-type",
            detail,
            headers={"Accept-Encoding": "identity"},
        )


def _header(scope: Scope, wanted: bytes) -> bytes:
    return next((bytes(value) for name, value in scope["headers"] if name == wanted), b"")


def _too_large(most: int) -> Problem:
    return Problem(
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        "too-large",
        f"the body has more than {most} bytes; nothing was written",
    )
