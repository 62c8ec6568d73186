"""Says with every response that the tables are incomplete, as long as they fill again."""

from datetime import datetime
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

HEADER = b"x-tables-incomplete-since"


class SaysIncomplete:
    """Adds the time since when, in ISO 8601, as `app.state.tables` has it."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        since = _incomplete_since(scope)
        if since is None:
            await self._app(scope, receive, send)
            return
        header = (HEADER, since.isoformat(timespec="seconds").encode())

        async def send_with_header(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], header]
            await send(message)

        await self._app(scope, receive, send_with_header)


def _incomplete_since(scope: Scope) -> datetime | None:
    if scope["type"] != "http":
        return None
    tables: Any = getattr(scope["app"].state, "tables", None)
    return tables.incomplete_since if tables else None
