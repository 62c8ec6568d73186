"""Batches at the doors: good rows go in, bad rows come back with line, field and reason."""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import islice
from typing import Any, TypeVar

from fastapi import Request
from pydantic import BaseModel, ValidationError

from api.accounts import account_of
from api.broker import Broker
from api.problems import FieldFault, Problem, faults_of
from api.tables import Row, rows_of
from infra import metrics
from infra.errors import Unavailable
from schemas.events import Event
from schemas.ids import derive_id
from schemas.topics import Topic

CHUNK_ROWS = 1_000
B = TypeVar("B", bound=BaseModel)
Keyed = tuple[str | None, Event]
MakeEvents = Callable[[B, Callable[[], str]], Sequence[Keyed]]
MakeEvent = Callable[[B, Callable[[], str]], Keyed]
"""From a row's input, and a function that derives an id from the account and the row's content, so that the same row twice is one event."""


class RefusedRow(BaseModel):
    line: int
    errors: list[FieldFault]


class BatchResult(BaseModel):
    """`accepted` rows are on the broker; `refused` ones are listed and nothing of them was written."""

    accepted: int
    refused: int
    rows: list[RefusedRow]
    stopped: str | None = None
    """Why the rest of the table was not read; send it again, rows already taken do no harm."""


class Batches:
    def __init__(self, broker: Broker) -> None:
        self._broker = broker

    async def take(self, request: Request, topic: Topic, model: type[B], make_event: "MakeEvent[B]") -> BatchResult:
        return await self.take_several(request, topic, model, lambda body, row_id: (make_event(body, row_id),))

    async def take_several(self, request: Request, topic: Topic, model: type[B], make_events: "MakeEvents[B]") -> BatchResult:
        """For rows of which each may make several events."""
        account = account_of(request).name
        rows = rows_of(request.headers.get("content-type", ""), await request.body())
        result = BatchResult(accepted=0, refused=0, rows=[])
        while chunk := list(islice(rows, CHUNK_ROWS)):
            taken = list(_read(chunk, account, model, make_events, result.rows))
            try:
                await self._broker.accept_all(topic, [event for events in taken for event in events])
            except Unavailable:
                if not result.accepted:
                    raise
                result.stopped = f"the broker went away after {result.accepted} rows"
                break
            result.accepted += len(taken)
            await asyncio.sleep(0)
        result.refused = len(result.rows)
        metrics.ROWS_REFUSED.labels(request.scope["route"].path).inc(result.refused)
        return result


def _read(
    chunk: list[Row], account: str, model: type[B], make_events: "MakeEvents[B]", refused: list[RefusedRow]
) -> Iterator[Sequence[Keyed]]:
    for row in chunk:
        if row.values is None:
            refused.append(RefusedRow(line=row.line, errors=[FieldFault(field="row", reason=row.fault or "unreadable")]))
            continue
        try:
            body = model.model_validate(row.values)
        except ValidationError as invalid:
            errors = faults_of(invalid.errors(include_input=False, include_url=False))
            refused.append(RefusedRow(line=row.line, errors=errors))
            continue
        try:
            made = make_events(body, partial(row_id, account, row.values))
        except Problem as problem:
            refused.append(RefusedRow(line=row.line, errors=list(problem.errors)))
            continue
        yield made


def row_id(account: str, values: dict[str, Any]) -> str:
    return derive_id("row", account, repr(sorted(values.items(), key=lambda item: item[0])))


def batch_route(model: type[BaseModel]) -> dict[str, Any]:
    """OpenAPI of a body that is a table of `model`."""
    schema = {"type": "string", "description": f"One {model.__name__} a line or row."}
    return {"requestBody": {"required": True, "content": {"application/x-ndjson": {"schema": schema}, "text/csv": {"schema": schema}}}}
