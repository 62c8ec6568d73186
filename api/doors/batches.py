"""Tables at the doors: good rows go in, bad rows come back with line, field and reason."""

import asyncio
import errno
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import IO, Any, TypeVar

from fastapi import Request
from pydantic import BaseModel, ValidationError

from api.accounts.accounts import Account
from api.backends.broker import Broker
from api.http.fields import Output
from api.http.problems import RETRY_AFTER_S, FieldFault, Problem, faults_of
from api.http.tables import Row, rows_of
from infra import metrics
from infra.errors import Unavailable
from schemas.contract.events import Event
from schemas.contract.ids import derive_id
from schemas.contract.topics import Topic

CHUNK_ROWS = 1_000
CHUNK_BYTES = 1_000_000
"""Size of the rows' text that is read before the broker takes it.

A table needs a multiple of this size in memory.
"""
IN_MEMORY_BYTES = 1_000_000
"""Tables above this size wait on disk."""
MAX_FAULTS = 20_000
FULL = (errno.ENOSPC, errno.EDQUOT)
B = TypeVar("B", bound=BaseModel)
Keyed = tuple[str | None, Event]
"""An event and the key under which it goes to its topic."""
MakeEvents = Callable[[B, Callable[[], str]], Sequence[Keyed]]
MakeEvent = Callable[[B, Callable[[], str]], Keyed]
"""Makes an event of a row, with the help of a function that derives an id.

The id comes from the account and the row's content, so that the same row twice is one event.
"""
Claim = Callable[[Sequence[Any]], Awaitable[Sequence[FieldFault | None]]]
"""Claims the ids of events; tells of each whether its id is another's."""


@dataclass(frozen=True, slots=True)
class GoodRow:
    """A row that can be read, and the events it makes."""

    line: int
    events: Sequence[Keyed]


class RefusedRow(Output):
    line: int
    errors: list[FieldFault]


class BatchResult(Output):
    """`accepted` rows are on the broker; `refused` ones are listed and nothing of them was
    written."""

    accepted: int
    refused: int
    rows: list[RefusedRow]
    stopped: str | None = None
    """Why the rest of the table was not taken; send it again, rows already taken do no harm."""


class Batches:
    """Takes tables: it reads a chunk of rows, and sends it before it reads the next one."""

    def __init__(self, broker: Broker, spool_directory: Path | None = None) -> None:
        self._broker = broker
        self._spool_directory = str(spool_directory) if spool_directory else None

    async def take(
        self,
        request: Request,
        account: Account,
        topic: Topic,
        model: type[B],
        make_event: "MakeEvent[B]",
        claim: Claim | None = None,
    ) -> BatchResult:
        """Takes a table of which each row makes one event.

        Rows are refused whose id `claim` says to be another event's.
        """

        def events_of(body: B, row_id: Callable[[], str]) -> Sequence[Keyed]:
            return (make_event(body, row_id),)

        return await self.take_several(request, account, topic, model, events_of, claim)

    async def take_several(
        self,
        request: Request,
        account: Account,
        topic: Topic,
        model: type[B],
        make_events: "MakeEvents[B]",
        claim: Claim | None = None,
    ) -> BatchResult:
        """Takes a table of which each row may make several events."""
        read = partial(_read, account=account.name, model=model, make_events=make_events)
        result = BatchResult(accepted=0, refused=0, rows=[])
        with SpooledTemporaryFile(IN_MEMORY_BYTES, dir=self._spool_directory) as table:
            async for piece in request.stream():
                _keep(table, piece)
            table.seek(0)
            # Rows are read on a thread: a table may hold much that is no row, and other requests
            # are served in the time.
            content_type = request.headers.get("content-type", "")
            chunks = await asyncio.to_thread(_chunks, content_type, table)
            while not result.stopped and (chunk := await asyncio.to_thread(next, chunks, None)):
                good_rows = list(read(chunk, refused=result.rows))
                if claim:
                    good_rows = await _claimed(good_rows, claim, refused=result.rows)
                await self._accept(topic, good_rows, result)
        result.rows.sort(key=lambda row: row.line)
        result.refused = len(result.rows)
        metrics.ROWS_REFUSED.labels(request.scope["route"].path).inc(result.refused)
        return result

    async def _accept(self, topic: Topic, rows: Sequence[GoodRow], result: BatchResult) -> None:
        """Sends the events of a chunk. Raises `Unavailable` if nothing has been taken yet."""
        events: list[Keyed] = []
        for row in rows:
            events += row.events
        try:
            await self._broker.accept_all(topic, events)
        except Unavailable:
            if not result.accepted:
                raise
            result.stopped = f"the broker went away after {result.accepted} rows"
            return
        result.accepted += len(rows)
        if sum(len(row.errors) for row in result.rows) > MAX_FAULTS:
            result.stopped = (
                f"more than {MAX_FAULTS} faults: mend the rows listed, or the headings, first"
            )


def _keep(table: IO[bytes], piece: bytes) -> None:
    """Adds a piece of the table. Raises `Problem` if this door's disk has no room for it."""
    try:
        table.write(piece)
    except OSError as error:
        if error.errno not in FULL:
            raise
        raise Problem(
            HTTPStatus.SERVICE_UNAVAILABLE,
            "unavailable",
            "the disk of this door is full; nothing was taken, try again",
            headers={"Retry-After": str(RETRY_AFTER_S)},
        ) from error


def row_id(account: str, values: dict[str, Any]) -> str:
    """Derives an id from the account and the content of a row."""
    return derive_id("row", account, repr(sorted(values.items(), key=lambda item: item[0])))


def batch_route(model: type[BaseModel]) -> dict[str, Any]:
    """Describes, for OpenAPI, a body that is a table of `model`."""
    schema = {"type": "string", "description": f"One {model.__name__} a line or row."}
    content = {"application/x-ndjson": {"schema": schema}, "text/csv": {"schema": schema}}
    return {"requestBody": {"required": True, "content": content}}


def _chunks(content_type: str, table: IO[bytes]) -> Iterator[list[Row]]:
    """Raises `Problem`, at once, for a table that cannot be read."""
    return _cut(rows_of(content_type, table))


def _cut(rows: Iterator[Row]) -> Iterator[list[Row]]:
    chunk = list[Row]()
    size = 0
    for row in rows:
        chunk.append(row)
        size += row.size
        if len(chunk) == CHUNK_ROWS or size >= CHUNK_BYTES:
            yield chunk
            chunk = []
            size = 0
    if chunk:
        yield chunk


def _read(
    chunk: list[Row],
    account: str,
    model: type[B],
    make_events: "MakeEvents[B]",
    refused: list[RefusedRow],
) -> Iterator[GoodRow]:
    """Gives each good row with its events, and adds the other rows to `refused`."""
    for row in chunk:
        if row.values is None:
            fault = FieldFault(field="row", reason=row.fault or "unreadable")
            refused.append(RefusedRow(line=row.line, errors=[fault]))
            continue
        try:
            body = model.model_validate(row.values)
        except ValidationError as invalid:
            errors = faults_of(invalid.errors(include_input=False, include_url=False))
            refused.append(RefusedRow(line=row.line, errors=errors))
            continue
        try:
            events = make_events(body, partial(row_id, account, row.values))
        except Problem as problem:
            refused.append(RefusedRow(line=row.line, errors=list(problem.errors)))
            continue
        yield GoodRow(row.line, events)


async def _claimed(
    rows: Sequence[GoodRow], claim: Claim, refused: list[RefusedRow]
) -> list[GoodRow]:
    """Returns the rows whose ids are free or theirs, and adds the others to `refused`.

    Each row makes one event.
    """
    faults = await claim([event for row in rows for _, event in row.events])
    free: list[GoodRow] = []
    for row, fault in zip(rows, faults, strict=True):
        if fault is None:
            free.append(row)
        else:
            refused.append(RefusedRow(line=row.line, errors=[fault]))
    return free
