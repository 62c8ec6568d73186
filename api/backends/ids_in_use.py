"""Says whether an id is free: by what doors just accepted, and by what is stored.

ClickHouse never costs a checkpoint its posts: where it does not answer in time, an id is held
against the recent past alone.
"""

import asyncio
import time
from collections.abc import Awaitable, Collection, Sequence
from typing import Any
from uuid import UUID

import structlog

from api.backends.accepted import Accepted
from api.backends.clickhouse import ReadSide
from infra.errors import Unavailable
from schemas.contract.events import CheckpointScanned, DeclarationSubmitted

log = structlog.get_logger()
ONE_WAITS_S = 1.0
"""Longest wait of a single event for what is stored of its id."""
TABLE_WAITS_S = 10.0
PAUSE_S = 5.0
"""So long ClickHouse is not asked again after it did not answer: not every post waits for it."""
Rows = list[dict[str, Any]]


class IdsInUse:
    """Claims ids for events that are to be sent. The ids of a table are asked for at once."""

    def __init__(self, accepted: Accepted, clickhouse: ReadSide) -> None:
        self._accepted = accepted
        self._clickhouse = clickhouse
        self._paused_until = 0.0

    async def claim_scans(self, scans: Sequence[CheckpointScanned]) -> list[bool]:
        """Returns for each scan whether its id is free, or its document's already."""
        scanned = self._accepted.scanned
        unknown = {scan.event_id for scan in scans if scanned.get(scan.event_id) is None}
        if self._may_ask(unknown):
            for row in await self._in_time(self._stored_scans(unknown), len(unknown)):
                self._accepted.note_scan(row["id"], row["document_key"])
        return [self._accepted.claim_scan(scan) for scan in scans]

    async def claim_declarations(self, events: Sequence[DeclarationSubmitted]) -> list[bool]:
        """Returns for each declaration whether its id is free, or this declaration's already."""
        declared = self._accepted.declared
        ids = {event.declaration_id for event in events}
        unknown = {declaration_id for declaration_id in ids if declared.get(declaration_id) is None}
        if self._may_ask(unknown):
            for row in await self._in_time(self._stored_declarations(unknown), len(unknown)):
                self._accepted.note_declaration(row["id"], row["document_key"], row["declared_at"])
        return [self._accepted.claim_declaration(event) for event in events]

    async def _stored_scans(self, ids: Collection[str]) -> Rows:
        """Returns id and document of each scan."""
        ask, ask_with = self._clickhouse.ask, self._clickhouse.ask_with
        if len(ids) == 1:
            (scan_id,) = ids
            rows = await ask("border/document_of_scan", {"scan_id": scan_id})
        else:
            rows = await ask_with("border/documents_of_scans", {}, "ids", "id UUID", _table(ids))
        earlier = {row["id"] for row in rows if not row["document_key"]}
        if earlier:
            rows = [row for row in rows if row["document_key"]]
            query = "border/documents_of_earlier_scans"
            rows += await ask_with(query, {}, "ids", "id UUID", _table(earlier))
        return rows

    async def _stored_declarations(self, ids: Collection[str]) -> Rows:
        """Returns id, document and time of each declaration."""
        if len(ids) == 1:
            (declaration_id,) = ids
            declared = await self._clickhouse.declarations(UUID(declaration_id))
            rows = []
            for document_key, declared_at in declared.items():
                row = {"id": declaration_id, "document_key": document_key}
                rows.append(row | {"declared_at": declared_at})
            return rows
        return await self._clickhouse.ask_with(
            "border/documents_of_declarations", {}, "ids", "id UUID", _table(ids)
        )

    def _may_ask(self, ids: Collection[str]) -> bool:
        return bool(ids) and time.monotonic() >= self._paused_until

    async def _in_time(self, asking: Awaitable[Rows], ids: int) -> Rows:
        """Returns what is stored; nothing where ClickHouse does not answer in time."""
        try:
            async with asyncio.timeout(ONE_WAITS_S if ids == 1 else TABLE_WAITS_S):
                return await asking
        except (Unavailable, TimeoutError):
            self._paused_until = time.monotonic() + PAUSE_S
            log.warning("ids are held against the recent past alone: ClickHouse does not answer")
            return []


def _table(ids: Collection[str]) -> list[tuple[str]]:
    return [(one_id,) for one_id in ids]
