"""Notices ids that two doors took for two documents at the same moment, and has them flagged.

Neither door can refuse: the other's event is not in the log yet. A moment later each door reads
both. Of two events the one received first keeps the id, at every door; the other is said to reuse
it, by an event that each door makes alike. The stage `identify` takes it once.
"""

import asyncio
from collections import deque
from datetime import datetime

import msgspec
import structlog

from api.backends.broker import Broker
from api.backends.recent import Recent
from infra.errors import Unavailable
from schemas.contract.events import CheckpointScanned, DeclarationSubmitted, Event, IdReused
from schemas.contract.ids import DocumentKey, EventId, derive_id
from schemas.contract.terms import IdKind
from schemas.contract.topics import CHECKPOINT_SCANS, DECLARATIONS, Topic

log = structlog.get_logger()
MAX_WATCHED = 20_000
"""Newest ids in which a reuse is noticed; ids that are stored are refused after a second."""
LOOK_S = 0.5
RETRY_S = 5.0
TOPICS: dict[IdKind, Topic] = {"scan": CHECKPOINT_SCANS, "declaration": DECLARATIONS}


class Use(msgspec.Struct, frozen=True, order=True, gc=False):
    """An event under an id; the least of several uses keeps the id."""

    received_at: datetime
    document_key: DocumentKey
    event_id: EventId
    occurred_at: datetime


class ReuseWatch:
    """Sees every scan and declaration of the log, on the threads that follow it."""

    def __init__(self) -> None:
        self._first_uses: Recent[Use] = Recent(MAX_WATCHED)
        self._noticed = deque[IdReused]()

    def see(self, event: Event) -> None:
        """Notices whether the event's id is of another document, too."""
        match event:
            case CheckpointScanned():
                self._see("scan", event.event_id, event, event.scanned_at)
            case DeclarationSubmitted():
                self._see("declaration", event.declaration_id, event, event.declared_at)

    def take(self) -> list[IdReused]:
        """Returns what was noticed since the last call."""
        return [self._noticed.popleft() for _ in range(len(self._noticed))]

    async def report(self, broker: Broker) -> None:
        """Writes what is noticed, without end. What the broker does not take waits."""
        while True:
            await asyncio.sleep(LOOK_S)
            for reuse in self.take():
                log.warning("two documents have one id", kind=reuse.id_kind)
                await _accepted(broker, reuse)

    def _see(
        self,
        kind: IdKind,
        used_id: str,
        event: CheckpointScanned | DeclarationSubmitted,
        occurred_at: datetime,
    ) -> None:
        use = Use(event.received_at, event.document_key, event.event_id, occurred_at)
        key = f"{kind} {used_id}"
        first = self._first_uses.first(key, use)
        if first.document_key == use.document_key:
            return
        if use < first:
            self._first_uses.keep(key, use)
        self._noticed.append(_reuse(kind, used_id, max(first, use)))


def _reuse(kind: IdKind, used_id: str, later: Use) -> IdReused:
    return IdReused(
        event_id=EventId(derive_id("id-reused", kind, used_id, later.document_key)),
        document_key=later.document_key,
        id_kind=kind,
        reused_id=used_id,
        cause_id=later.event_id,
        occurred_at=later.occurred_at,
        received_at=later.received_at,
    )


async def _accepted(broker: Broker, reuse: IdReused) -> None:
    while True:
        try:
            await broker.accept(TOPICS[reuse.id_kind], reuse.document_key, reuse)
            return
        except Unavailable:
            await asyncio.sleep(RETRY_S)
