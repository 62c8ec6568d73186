"""Says with every response that the tables are incomplete, as long as they fill again."""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.backends.tables_watch import Refill, TablesWatch

HEADER = b"x-tables-incomplete-since"


class SaysIncomplete:
    """Adds the time since when, in ISO 8601, where `app.state.tables` knows of a refill."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        refill = _refill(scope)
        if refill is None:
            await self._app(scope, receive, send)
            return
        header = (HEADER, refill.since.isoformat(timespec="seconds").encode())

        async def send_with_header(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], header]
            await send(message)

        await self._app(scope, receive, send_with_header)


def _refill(scope: Scope) -> Refill | None:
    if scope["type"] != "http":
        return None
    tables: TablesWatch | None = getattr(scope["app"].state, "tables", None)
    return tables.refill if tables else None
