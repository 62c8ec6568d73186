"""The read side: queries to ClickHouse under the account `reader`.

Each query is a .sql file of the folder that asks it, with bound parameters and a bounded wait. The
client connects at the first query, and again after ClickHouse was away.
"""

import asyncio
import time
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, Protocol
from uuid import UUID

import clickhouse_connect
from clickhouse_connect.driver.exceptions import DatabaseError
from clickhouse_connect.driver.external import ExternalData

from infra.clickhouse.client import AWAY, connection
from infra.errors import TooCostly, Unavailable
from infra.settings import Settings
from schemas.contract.events import VerdictReached

SQL = Path(__file__).parents[1]
"""The folder below which the .sql files are found."""
AT_ONCE_S = 0.5
"""A query that failed sooner most likely met a connection that had gone."""
GIVEN_UP = {158, 159, 160, 241, 307}
"""ClickHouse's errors of a query that would take too many rows, time, memory or bytes."""
ANSWERS_SOONER = 0.9
"""Share of the wait after which ClickHouse gives up by itself, so that its answer says why."""
ALIVE_S = 1.0
"""Whoever asks whether ClickHouse answers waits no longer: a load balancer gives up soon."""


class ReadSide:
    """Runs the queries of the doors."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._client: Any = None
        self._connecting = asyncio.Lock()
        self._probe: asyncio.Task[bool] | None = None

    async def ask(self, name: str, parameters: Mapping[str, Any]) -> list[dict[str, Any]]:
        """Runs `<name>.sql`. Raises `Unavailable` in bounded time.

        Raises `TooCostly` where ClickHouse gave up.
        """
        return await self.ask_text(text_of(name), parameters)

    async def ask_text(
        self, query: str, parameters: Mapping[str, Any], table: ExternalData | None = None
    ) -> list[dict[str, Any]]:
        """Runs a query given as text, and sends it again if a kept connection had gone."""
        begun = time.monotonic()
        try:
            return await self._once(query, parameters, table)
        except TooCostly:
            raise
        except Unavailable:
            if time.monotonic() - begun > AT_ONCE_S:
                raise
        return await self._once(query, parameters, table)

    async def _once(
        self, query: str, parameters: Mapping[str, Any], table: ExternalData | None
    ) -> list[dict[str, Any]]:
        try:
            client = self._client or await self._connected()
            formats = {"FixedString": "string"}
            answer = await client.query(
                query, parameters=dict(parameters), query_formats=formats, external_data=table
            )
        except (*AWAY, TimeoutError) as error:
            if isinstance(error, DatabaseError) and error.code in GIVEN_UP:
                raise TooCostly("clickhouse", error.name or str(error.code)) from error
            if type(error) is DatabaseError:
                raise  # it answered, and refused the query: a fault of ours
            await self._drop()
            raise Unavailable("clickhouse", type(error).__name__) from error
        return list(answer.named_results())

    async def ask_with(
        self,
        name: str,
        parameters: Mapping[str, Any],
        table: str,
        structure: str,
        rows: Iterable[Sequence[object]],
    ) -> list[dict[str, Any]]:
        """Runs `<name>.sql` beside a temporary table of these rows.

        So one query answers about many things at once.
        """
        # One expression writes all rows: a trace sends hundreds of thousands.
        data = "\n".join("\t".join(map(_cell, row)) for row in rows).encode()
        external = ExternalData(file_name=table, data=data, fmt="TSV", structure=structure)
        return await self.ask_text(text_of(name), parameters, external)

    async def ask_people(
        self, name: str, parameters: Mapping[str, Any], people: Iterable[str]
    ) -> list[dict[str, Any]]:
        """Runs `<name>.sql` beside a temporary table `people` with a row for each person."""
        rows = ((person,) for person in people)
        return await self.ask_with(name, parameters, "people", "person_id FixedString(32)", rows)

    async def alive(self) -> bool:
        """Returns whether ClickHouse answers a query, within `ALIVE_S`.

        Whoever asks while a probe is on its way waits for that one, so that they never pile up.
        """
        if self._probe is None or self._probe.done():
            self._probe = asyncio.create_task(self._answers())
        await asyncio.wait({self._probe}, timeout=ALIVE_S)
        return self._probe.done() and self._probe.result()

    async def _answers(self) -> bool:
        try:
            await self.ask_text("SELECT 1 AS one", {})
        except (DatabaseError, Unavailable):
            return False
        return True

    async def declarations(self, declaration_id: UUID) -> dict[str, datetime]:
        """Returns when a declaration was declared, by its document key.

        Several documents have one id where two doors took it at the same moment.
        """
        rows = await self.ask("border/declaration_by_id", {"declaration_id": declaration_id})
        return {row["document_key"]: row["declared_at"] for row in rows}

    async def declaration_ended(self, declaration_id: UUID) -> datetime | None:
        """Returns since when a declaration counts no longer: cancelled, or replaced by another."""
        rows = await self.ask("border/declaration_ended", {"declaration_id": declaration_id})
        return rows[0]["ended_at"] if rows else None

    async def verdicts(self, scan_id: UUID) -> list[VerdictReached]:
        """Returns the verdicts on scans with this id; several are of different documents."""
        verdicts = []
        for row in await self.ask("border/verdict_by_scan", {"scan_id": scan_id}):
            flag_ids = [str(flag_id) for flag_id in row["flag_ids"]]
            verdicts.append(VerdictReached(**row | {"scan_id": str(scan_id), "flag_ids": flag_ids}))
        return verdicts

    async def close(self) -> None:
        if self._probe is not None:
            self._probe.cancel()
        await self._drop()

    async def _connected(self) -> Any:
        """Returns the client; of queries at the same moment one connects, for all."""
        async with self._connecting:
            if self._client is None:
                self._client = await self._connect()
            return self._client

    async def _connect(self) -> Any:
        arguments = connection(self._settings, "reader", None, self._settings.request_timeout_s)
        return await clickhouse_connect.get_async_client(
            **arguments, tz_mode="aware", settings=self._bounds()
        )

    def _bounds(self) -> dict[str, object]:
        """Returns what one query may take of ClickHouse: bytes of memory, and seconds."""
        return {
            "max_memory_usage": self._settings.query_memory_max_mb * 1_000_000,
            "max_execution_time": self._settings.request_timeout_s * ANSWERS_SOONER,
        }

    async def _drop(self) -> None:
        client = self._client
        self._client = None
        if client is not None:
            await client.close()


class Queries(Protocol):
    """The read side as a trace needs it.

    The client itself fits, and so does `BatchedQueries`, which joins the queries of several traces.
    """

    async def ask_with(
        self,
        name: str,
        parameters: dict[str, Any],
        table: str,
        structure: str,
        rows: Iterable[Sequence[object]],
    ) -> list[dict[str, Any]]: ...

    async def ask_people(
        self, name: str, parameters: dict[str, Any], people: Iterable[str]
    ) -> list[dict[str, Any]]: ...


class Cells(str):
    """Several cells of a row, written once for many rows that have them in common."""

    __slots__ = ()

    @classmethod
    def of(cls, *values: object) -> "Cells":
        return cls("\t".join(map(_cell, values)))


def _cell(value: object) -> str:
    """Writes a cell of a tab-separated line."""
    if value.__class__ is Cells:
        return value
    text = str(value)
    if text.isalnum():
        return text
    return text.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n")


@cache
def text_of(name: str) -> str:
    """Returns a query without its comments, which both ends would read each time."""
    lines = (SQL / f"{name}.sql").read_text(encoding="utf-8").splitlines()
    return "\n".join(line for line in lines if not line.lstrip().startswith("--"))
