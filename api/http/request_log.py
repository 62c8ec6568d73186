"""One log line and one count per request: its id, route, status and time.

The values of its path, its query and its body are never logged.
"""

import time
import traceback
import uuid
from http import HTTPStatus
from pathlib import Path

import structlog
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.http.problems import Problem
from infra import metrics

log = structlog.get_logger()
MAX_ID_CHARACTERS = 64
CLIENT_GONE = 499
"""The caller left before the answer: nginx counts such requests by this number."""


class RequestLog:
    """The outermost layer: gives each request an id, and answers problems raised outside routes."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id = _request_id(scope)
        started = time.perf_counter()
        status = int(HTTPStatus.INTERNAL_SERVER_ERROR)

        async def send_with_id(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message["headers"], (b"x-request-id", request_id.encode())]
            await send(message)

        with structlog.contextvars.bound_contextvars(request_id=request_id):
            try:
                await self._app(scope, receive, send_with_id)
            except Problem as problem:
                await problem.response()(scope, receive, send_with_id)
            except ClientDisconnect:
                status = CLIENT_GONE
            except Exception as fault:  # noqa: BLE001 -- the outermost guard
                # No fault may end in a bare connection reset, or quote the input.
                log.error("request failed", fault=type(fault).__name__, at=_place(fault))
                await failed().response()(scope, receive, send_with_id)
            finally:
                _record(scope, status, time.perf_counter() - started)


def _record(scope: Scope, status: int, seconds: float) -> None:
    route: str = getattr(scope.get("route"), "path", "none")
    metrics.REQUESTS.labels(scope["method"], route, str(status)).inc()
    metrics.REQUEST_SECONDS.labels(route).observe(seconds)
    log.info(
        "request",
        method=scope["method"],
        route=route,
        status=int(status),
        ms=round(seconds * 1000, 1),
    )


def failed() -> Problem:
    return Problem(
        HTTPStatus.INTERNAL_SERVER_ERROR,
        "internal-error",
        "a fault of ours; it is in the log under this request's id",
    )


def _place(fault: BaseException) -> str:
    last = traceback.extract_tb(fault.__traceback__)[-1]
    return f"{Path(last.filename).name}:{last.lineno}"


def _request_id(scope: Scope) -> str:
    """Returns the caller's id if it is short and plain, else a new one.

    Nothing else may get into the log with it.
    """
    for name, value in scope["headers"]:
        if name == b"x-request-id":
            claimed = value.decode("latin-1")
            return claimed if _is_plain(claimed) else uuid.uuid4().hex
    return uuid.uuid4().hex


def _is_plain(request_id: str) -> bool:
    letters = request_id.replace("-", "")
    return letters.isalnum() and letters.isascii() and len(request_id) <= MAX_ID_CHARACTERS
