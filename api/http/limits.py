"""The limits of the doors: requests per account and second, bytes per body."""

from http import HTTPStatus

from limits import RateLimitItemPerSecond
from limits.aio.storage import MemoryStorage
from limits.aio.strategies import FixedWindowRateLimiter
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.http.problems import Problem
from infra.settings import Settings


class RateLimits:
    """Counts the requests of each account in each second."""

    def __init__(self, settings: Settings) -> None:
        self._item = RateLimitItemPerSecond(settings.rate_limit_per_second)
        self._limiter = FixedWindowRateLimiter(MemoryStorage())

    async def take(self, account: str) -> None:
        """Counts a request. Raises `Problem` for one more than are allowed in a second."""
        if await self._limiter.hit(self._item, account):
            return
        detail = f"more than {self._item.amount} requests a second"
        headers = {"Retry-After": "1"}
        raise Problem(HTTPStatus.TOO_MANY_REQUESTS, "too-many-requests", detail, headers=headers)


class BodyLimit:
    """Counts a body while it streams in, so that a wrong or missing Content-Length does not get
    past it."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self._app = app
        self._max_body_bytes = settings.body_max_bytes
        self._max_batch_bytes = settings.batch_max_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        is_batch = scope["path"].endswith("/batch")
        max_bytes = self._max_batch_bytes if is_batch else self._max_body_bytes
        if _announced_bytes(scope) > max_bytes:
            raise _too_large(max_bytes)
        _refuse_packed(scope)
        counted = _Counted(receive, send, max_bytes)
        try:
            await self._app(scope, counted.receive, counted.send)
        except ClientDisconnect:
            if not counted.over:
                raise
        if counted.over:
            raise _too_large(max_bytes)


class _Counted:
    """Ends a body that grows over the limit, and holds back what the application answers."""

    def __init__(self, receive: Receive, send: Send, max_bytes: int) -> None:
        self._receive = receive
        self._send = send
        self._bytes_left = max_bytes

    @property
    def over(self) -> bool:
        return self._bytes_left < 0

    async def receive(self) -> Message:
        message = await self._receive()
        self._bytes_left -= len(message.get("body", b""))
        return {"type": "http.disconnect"} if self.over else message

    async def send(self, message: Message) -> None:
        if not self.over:
            await self._send(message)


def _announced_bytes(scope: Scope) -> int:
    length = _header(scope, b"content-length")
    return int(length) if length.isdigit() else 0


def _refuse_packed(scope: Scope) -> None:
    """Raises `Problem` for a packed body: it could unfold in memory."""
    encoding = _header(scope, b"content-encoding").strip().lower()
    if encoding not in (b"", b"identity"):
        detail = "send the body as it is: a Content-Encoding is not read"
        raise Problem(
            HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
            "unsupported-media-type",
            detail,
            headers={"Accept-Encoding": "identity"},
        )


def _header(scope: Scope, wanted: bytes) -> bytes:
    for name, value in scope["headers"]:
        if name == wanted:
            return bytes(value)
    return b""


def _too_large(max_bytes: int) -> Problem:
    detail = f"the body has more than {max_bytes} bytes; nothing was written"
    return Problem(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "too-large", detail)
