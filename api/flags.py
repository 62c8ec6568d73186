"""Flags: as a list with pages, and as a stream of changes as they happen."""

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime
from http import HTTPStatus
from typing import Annotated, Literal

import orjson
from fastapi import APIRouter, Query, Request
from pydantic import BaseModel
from sse_starlette import EventSourceResponse, ServerSentEvent

from api.doors import doors_of
from api.fields import Instant
from api.people import BEGINNING
from api.problems import FieldFault, invalid

router = APIRouter(prefix="/flags", tags=["flags"])
NOBODY, NO_FLAG = "0" * 32, "00000000-0000-0000-0000-000000000000"


class FlagOut(BaseModel):
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


class FlagPage(BaseModel):
    flags: list[FlagOut]
    next: str | None
    """Give it as `after` for the next page; null on the last one."""


@router.get("")
async def list_flags(
    request: Request,
    rule: Annotated[str, Query(max_length=50)] = "",
    state: Literal["", "open", "cleared"] = "",
    person_id: Annotated[str, Query(pattern="^([0-9a-f]{32})?$")] = "",
    since: Instant = BEGINNING,
    after: Annotated[str, Query(max_length=80)] = "",
    limit: Annotated[int, Query(ge=1, le=10_000)] = 500,
) -> FlagPage:
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
    rows = await doors_of(request).clickhouse.ask("flags", parameters)
    flags = [FlagOut(**row) for row in rows]
    more = len(flags) == limit
    return FlagPage(flags=flags, next=f"{flags[-1].person_id}.{flags[-1].flag_id}" if more else None)


@router.get("/stream", status_code=HTTPStatus.OK, response_class=EventSourceResponse)
async def stream(request: Request) -> EventSourceResponse:
    """Server-sent events `raised` and `cleared`, from the moment of the call on."""
    return EventSourceResponse(_changes(request), ping=15)


async def _changes(request: Request) -> AsyncIterator[ServerSentEvent]:
    with doors_of(request).flag_stream.listen() as changes:
        while not await request.is_disconnected():
            try:
                kind, event_id, change = await asyncio.wait_for(changes.get(), timeout=5)
            except TimeoutError:
                continue
            yield ServerSentEvent(orjson.dumps(change).decode(), event=kind, id=event_id)


def _cursor(after: str) -> tuple[str, str]:
    if not after:
        return NOBODY, NO_FLAG
    person, dot, flag = after.partition(".")
    if not dot or len(person) != len(NOBODY) or len(flag) != len(NO_FLAG):
        raise invalid([FieldFault(field="after", reason="not the `next` of an earlier page")])
    return person, flag
