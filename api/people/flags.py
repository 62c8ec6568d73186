"""The doors to flags: a list with pages, and a stream of changes as they happen."""

import re
from collections.abc import AsyncIterator
from datetime import datetime
from http import HTTPStatus
from typing import Annotated, Literal

import orjson
from fastapi import APIRouter, Header, Query, Request
from sse_starlette import EventSourceResponse, ServerSentEvent

from api.accounts.access import requires
from api.accounts.accounts import Account
from api.backends.flag_stream import Change, FlagStream, Positions
from api.doors.services import ServicesDep
from api.http.fields import Instant, Output
from api.http.problems import FieldFault, invalid
from api.people.people import BEGINNING

router = APIRouter(prefix="/flags", tags=["flags"])
NO_PERSON, NO_FLAG = "0" * 32, "00000000-0000-0000-0000-000000000000"
CURSOR = re.compile(r"[0-9a-f]{32}\.[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class FlagOut(Output):
    flag_id: str
    person_id: str
    rule: str
    subject: str
    state: str
    reasons: list[str]
    causes: list[str]
    occurred_at: datetime
    raised_at: datetime
    cleared_at: datetime | None
    reference_version: int


class FlagPage(Output):
    flags: list[FlagOut]
    next: str | None
    """Give it as `after` for the next page; null on the last one."""


@router.get("")
async def list_flags(
    account: Annotated[Account, requires("tracer", "analyst")],
    services: ServicesDep,
    rule: Annotated[str, Query(max_length=50)] = "",
    state: Literal["", "open", "cleared"] = "",
    person_id: Annotated[str, Query(pattern="^([0-9a-f]{32})?$")] = "",
    since: Instant = BEGINNING,
    after: Annotated[str, Query(max_length=80)] = "",
    limit: Annotated[int, Query(ge=1, le=10_000)] = 500,
) -> FlagPage:
    """The findings of the rules about facts since an instant, person by person. `after`: `next` of
    the page before."""
    after_person, after_flag = _cursor(after)
    parameters = {
        "rule": rule,
        "state": state,
        "person_id": person_id,
        "since": since,
        "after_person": after_person,
        "after_flag": after_flag,
        "limit": limit,
    }
    rows = await services.clickhouse.ask("people/flags", parameters)
    flags = [FlagOut(**row) for row in rows]
    if len(flags) < limit:
        return FlagPage(flags=flags, next=None)
    return FlagPage(flags=flags, next=f"{flags[-1].person_id}.{flags[-1].flag_id}")


@router.get("/stream", status_code=HTTPStatus.OK, response_class=EventSourceResponse)
async def stream(
    request: Request,
    account: Annotated[Account, requires("tracer", "analyst")],
    services: ServicesDep,
    last_event_id: Annotated[str | None, Header(max_length=4_000)] = None,
) -> EventSourceResponse:
    """Server-sent events `raised` and `cleared`: from the call on, or, with `Last-Event-ID`, from
    the last one heard, which is what a browser sends by itself when it reconnects. A client too
    slow to keep up is disconnected."""
    flags = services.flag_stream
    now = flags.positions()
    begin = now if last_event_id is None else flags.positions_of(last_event_id)
    if begin is None:
        reason = "not the id of an event of this stream; read GET /flags and begin anew"
        raise invalid([FieldFault(field="Last-Event-ID", reason=reason)])
    return EventSourceResponse(_changes(request, flags, begin), ping=15)


async def _changes(
    request: Request, flags: FlagStream, begin: Positions
) -> AsyncIterator[ServerSentEvent]:
    with flags.listen() as listener:
        # An id without data makes no event, and the client remembers it: from here on it can
        # always come back.
        yield ServerSentEvent(id=flags.id_of(begin))
        async for change in flags.past(begin, listener.begun_at):
            yield _sent(change)
        while not await request.is_disconnected():
            try:
                change_or_end = await listener.next(timeout_s=5)
            except TimeoutError:
                continue
            if change_or_end is None:
                return
            yield _sent(change_or_end)


def _sent(change: Change) -> ServerSentEvent:
    kind, event_id, content = change
    return ServerSentEvent(orjson.dumps(content).decode(), event=kind, id=event_id)


def _cursor(after: str) -> tuple[str, str]:
    if not after:
        return NO_PERSON, NO_FLAG
    if CURSOR.fullmatch(after) is None:
        raise invalid([FieldFault(field="after", reason="not the `next` of an earlier page")])
    person, _, flag = after.partition(".")
    return person, flag
