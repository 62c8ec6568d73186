"""Sends the response to a request.

A result that fits is sent whole, with its true figures; a larger one is streamed. An error never
looks like a short result.
"""

import asyncio
import json
import secrets
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, MutableMapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from infra.chdb_server.bodies import COMPRESSORS, Compressor, accepted
from infra.chdb_server.engine import Outcome
from infra.chdb_server.errors import ClickHouseError
from infra.chdb_server.pipes import ResultPipe
from infra.chdb_server.work import Work

Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

WHOLE_BYTES = 1 << 20
"""A result up to this size is held back until the statement has ended.

An error of the statement then still gets a status of its own.
"""
IN_MEMORY_BYTES = 8 << 20
INLINE_BYTES = 1 << 16
LAST_WORDS_S = 1.0
"""Time between an error in mid-result and the cut.

Some clients drop what they have not yet read when a connection breaks.
"""
CONTENT_TYPES = {
    "JSON": "application/json; charset=UTF-8",
    "JSONEachRow": "application/x-ndjson; charset=UTF-8",
    "JSONCompact": "application/json; charset=UTF-8",
    "CSV": "text/csv; charset=UTF-8; header=absent",
    "CSVWithNames": "text/csv; charset=UTF-8; header=present",
    "TabSeparated": "text/tab-separated-values; charset=UTF-8",
    "TabSeparatedWithNames": "text/tab-separated-values; charset=UTF-8",
    "Native": "application/octet-stream",
    "RowBinary": "application/octet-stream",
}


@dataclass(slots=True)
class Reply:
    """Sends what comes out of `pipe`, and then what `done` says of it."""

    work: Work
    pipe: ResultPipe
    done: "asyncio.Future[Outcome]"
    send: Send
    identity: Mapping[str, str]
    """Every response has these headers."""
    version: str
    spool_directory: Path
    started: float = field(default_factory=time.perf_counter)
    begun: bool = False

    async def run(self) -> None:
        with tempfile.SpooledTemporaryFile(
            max_size=IN_MEMORY_BYTES, dir=str(self.spool_directory)
        ) as held:
            waits_for_end = self.work.request.flag("wait_end_of_query")
            size = 0
            while waits_for_end or size < WHOLE_BYTES:
                chunk = await self.pipe.read()
                if not chunk:
                    break
                size += len(chunk)
                held.write(chunk)
            has_ended = waits_for_end or size < WHOLE_BYTES
            outcome = await self.done if has_ended else None
            held.seek(0)
            if outcome is not None and size <= IN_MEMORY_BYTES:
                await self._whole(held.read(), outcome)
            else:
                await self._stream(self._rest(held), outcome)

    async def _whole(self, body: bytes, outcome: Outcome) -> None:
        compressor = self._compressor() if body else None
        if compressor is not None:
            body = await _compressed(compressor, body) + compressor.flush()
        length = {"Content-Length": str(len(body))}
        await self._begin(200, {**self._headers(compressor is not None, outcome), **length})
        await self._finish(b"" if self.work.request.method == "HEAD" else body)

    async def _rest(self, held: "tempfile.SpooledTemporaryFile[bytes]") -> AsyncIterator[bytes]:
        while chunk := held.read(WHOLE_BYTES):
            yield chunk
        while chunk := await self.pipe.read():
            yield chunk

    async def _stream(self, chunks: AsyncIterator[bytes], outcome: Outcome | None) -> None:
        """Streams a result.

        An error after the first bytes follows them in ClickHouse's own framing. The connection then
        ends without a proper end.
        """
        compressor = self._compressor()
        tag = secrets.token_hex(8)
        headers = {
            **self._headers(compressor is not None, outcome or Outcome()),
            "X-ClickHouse-Exception-Tag": tag,
        }
        await self._begin(200, headers)
        async for chunk in chunks:
            await self._more(await _compressed(compressor, chunk))
        try:
            await self.done
        except ClickHouseError as error:
            trailer = await _compressed(compressor, _exception_block(error.body(self.version), tag))
            await self._more(trailer + (compressor.flush() if compressor else b""))
            await asyncio.sleep(LAST_WORDS_S)
            return
        await self._finish(compressor.flush() if compressor else b"")

    async def error(self, error: ClickHouseError) -> None:
        body = error.body(self.version)
        compressor = self._compressor()
        if compressor is not None:
            body = compressor.compress(body) + compressor.flush()
        headers = {
            **self._headers(compressor is not None, Outcome()),
            "Content-Type": "text/plain; charset=UTF-8",
        }
        headers.pop("X-ClickHouse-Format", None)
        length = {"X-ClickHouse-Exception-Code": str(error.code), "Content-Length": str(len(body))}
        await self._begin(error.status, {**headers, **length})
        await self._finish(b"" if self.work.request.method == "HEAD" else body)

    def _coding(self) -> str | None:
        request = self.work.request
        if not request.flag("enable_http_compression"):
            return None
        return accepted(request.headers.get("accept-encoding", ""))

    def _compressor(self) -> Compressor | None:
        coding = self._coding()
        return COMPRESSORS[coding]() if coding else None

    def _headers(self, is_compressed: bool, outcome: Outcome) -> dict[str, str]:
        name = self.work.format
        headers = {
            **self.identity,
            "X-ClickHouse-Query-Id": self.work.request.query_id,
            "X-ClickHouse-Summary": _summary(outcome, time.perf_counter() - self.started),
            "Content-Type": CONTENT_TYPES.get(name or "", "text/plain; charset=UTF-8"),
        }
        if name is not None:
            headers["X-ClickHouse-Format"] = name
        if is_compressed:
            headers["Content-Encoding"] = self._coding() or ""
        return headers

    async def _begin(self, status: int, headers: Mapping[str, str]) -> None:
        self.begun = True
        raw = [
            (name.lower().encode(), value.encode("latin-1", errors="replace"))
            for name, value in headers.items()
        ]
        await self.send({"type": "http.response.start", "status": status, "headers": raw})

    async def _more(self, body: bytes) -> None:
        if body:
            await self.send({"type": "http.response.body", "body": body, "more_body": True})

    async def _finish(self, body: bytes) -> None:
        await self.send({"type": "http.response.body", "body": body})


def _summary(outcome: Outcome, elapsed_s: float) -> str:
    figures = {
        "read_rows": outcome.read_rows,
        "read_bytes": outcome.read_bytes,
        "written_rows": outcome.written_rows,
        "written_bytes": outcome.written_bytes,
        "total_rows_to_read": outcome.read_rows,
        "result_rows": outcome.result_rows,
        "result_bytes": outcome.result_bytes,
        "elapsed_ns": int(elapsed_s * 1e9),
    }
    texts = {name: str(figure) for name, figure in figures.items()}
    return json.dumps(texts, separators=(",", ":"))


def _exception_block(message: bytes, tag: str) -> bytes:
    mark = tag.encode()
    return b"\r\n__exception__\r\n%s\r\n%s%d %s\r\n__exception__\r\n" % (
        mark,
        message,
        len(message),
        mark,
    )


async def _compressed(compressor: Compressor | None, chunk: bytes) -> bytes:
    """Compresses large chunks on a thread, since the codecs let other threads run."""
    if compressor is None:
        return chunk
    if len(chunk) <= INLINE_BYTES:
        return compressor.compress(chunk)
    return await asyncio.get_running_loop().run_in_executor(None, compressor.compress, chunk)
