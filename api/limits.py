"""Limits of the doors: requests per account and second, bytes per body."""

from http import HTTPStatus

from limits import RateLimitItemPerSecond
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.problems import Problem
from infra.settings import Settings


class RateLimits:
    def __init__(self, settings: Settings) -> None:
        self._item = RateLimitItemPerSecond(settings.rate_limit_per_second)
        self._limiter = FixedWindowRateLimiter(MemoryStorage())

    def take(self, account: str) -> None:
        if not self._limiter.hit(self._item, account):
            detail = f"more than {self._item.amount} requests a second"
            raise Problem(HTTPStatus.TOO_MANY_REQUESTS, "too-many-requests", detail, headers={"Retry-After": "1"})


class BodyLimit:
    """Counts while the body streams in, so that a wrong or missing Content-Length does not get past it."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self._app, self._single, self._batch = app, settings.body_max_bytes, settings.batch_max_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            receive = await self._limited(scope, receive)
        await self._app(scope, receive, send)

    async def _limited(self, scope: Scope, receive: Receive) -> Receive:
        most = self._batch if scope["path"].endswith("/batch") else self._single
        announced = next((value for name, value in scope["headers"] if name == b"content-length"), b"0")
        if not announced.isdigit() or int(announced) > most:
            raise _too_large(most)
        seen = 0

        async def counted() -> Message:
            nonlocal seen
            message = await receive()
            seen += len(message.get("body", b""))
            if seen > most:
                raise _too_large(most)
            return message

        return counted


def _too_large(most: int) -> Problem:
    return Problem(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "too-large", f"the body has more than {most} bytes; nothing was written")
