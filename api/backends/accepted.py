"""What doors know of each other: the events just accepted, whichever door accepted them.

Each door follows the topics of declarations, scans and cases. So it knows an event milliseconds
after Kafka has it, and seconds before ClickHouse does. What is older is asked of ClickHouse.
"""

import asyncio
import time
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

import structlog
from confluent_kafka import Message

from api.backends.recent import Recent
from api.backends.reuse_watch import ReuseWatch
from infra.kafka.follower import Follower
from infra.settings import Settings
from schemas.contract.codec import Codec
from schemas.contract.errors import Poison
from schemas.contract.events import (
    CaseReported,
    CheckpointScanned,
    DeclarationCancelled,
    DeclarationSubmitted,
    Event,
)
from schemas.contract.topics import CASES, CHECKPOINT_SCANS, DECLARATIONS

log = structlog.get_logger()
MAX_REMEMBERED = 100_000
"""Number of recent declarations, scans and reports that are remembered, of each kind."""
MAX_HEARING_S = 2.0
MAX_CLAIMS = 10_000
"""More events than these are never on their way from one door to Kafka."""
PAST = timedelta(minutes=5)
"""A door that starts reads so much of the topics: ClickHouse may not have it yet."""


class Accepted:
    """The events of the recent past, as the routes look for them.

    Two doors may accept one id for two documents at the same moment, before either can know of the
    other. Then the id is of both documents, at every door: a retry of either is harmless.
    """

    def __init__(self, settings: Settings, codec: Codec, size: int = MAX_REMEMBERED) -> None:
        self._codec = codec
        self.declared: Recent[Mapping[str, datetime]] = Recent(size)
        """When a declaration was declared at first, by its document; by the declaration's id."""
        self.ended: Recent[datetime] = Recent(size)
        """Declarations that were cancelled or replaced, and since when they count no longer."""
        self.scanned: Recent[tuple[str, ...]] = Recent(size)
        """Document keys of scans, by the scan's id."""
        self.reported: Recent[str] = Recent(size)
        """Events of the last reports on cases, by case."""
        self._claimed: Recent[str] = Recent(MAX_CLAIMS)
        """Document keys by the ids of events on their way to Kafka.

        A claim stays where Kafka did not answer: it may have the event.
        """
        self.reuses = ReuseWatch()
        self._declarations = Follower(settings, DECLARATIONS, self._follow, PAST)
        self.followers: Sequence[Follower] = (
            self._declarations,
            Follower(settings, CHECKPOINT_SCANS, self._follow, PAST),
            Follower(settings, CASES, self._follow, PAST),
        )

    def wait(self, timeout_s: float) -> None:
        """Waits until the last minutes have been read, but no longer than the time given."""
        end = time.monotonic() + timeout_s
        in_time = [follower.wait(max(0.0, end - time.monotonic())) for follower in self.followers]
        if not all(in_time):
            log.warning("the doors open before they have read what was accepted last")

    async def hear_declarations(self) -> None:
        """Returns when every declaration that a door has accepted by now is known here.

        Raises `Unavailable` where that cannot be told.
        """
        await asyncio.to_thread(self._declarations.catch_up, MAX_HEARING_S)

    def note(self, event: Event) -> None:
        """Remembers an event that a door accepted, and does no harm when it comes again."""
        match event:
            case CheckpointScanned():
                self.note_scan(event.event_id, event.document_key)
            case DeclarationSubmitted():
                self.note_declaration(event.declaration_id, event.document_key, event.declared_at)
                self._note_replaced(event)
            case DeclarationCancelled():
                self.ended.keep(event.declaration_id, event.cancelled_at)
            case CaseReported():
                self.reported.keep(event.case_id, event.event_id)

    def note_scan(self, scan_id: str, document_key: str) -> None:
        self.scanned.change(scan_id, lambda known: _with(known, document_key))

    def note_declaration(
        self, declaration_id: str, document_key: str, declared_at: datetime
    ) -> None:
        self.declared.change(declaration_id, lambda known: _first(known, document_key, declared_at))

    def claim_scan(self, scan: CheckpointScanned) -> bool:
        """Returns whether the id of a scan that is to be sent is free, or this document's."""
        known = self.scanned.get(scan.event_id)
        if known is None:
            return self._claimed.first(scan.event_id, scan.document_key) == scan.document_key
        return scan.document_key in known

    def claim_declaration(self, event: DeclarationSubmitted) -> bool:
        """Returns whether the id of a declaration that is to be sent is free, or this one's.

        Its time tells two declarations of one document apart. A retry may leave it out, and has
        the time of its reception then.
        """
        known = self.declared.get(event.declaration_id)
        if known is None:
            return self._claimed.first(event.event_id, event.document_key) == event.document_key
        declared_at = known.get(event.document_key)
        if declared_at is None:
            return False
        return event.declared_at == event.received_at or _same(event.declared_at, declared_at)

    def declared_at(self, event: DeclarationSubmitted) -> datetime:
        """Returns when the declaration was declared at first, from which its code counts."""
        known = self.declared.get(event.declaration_id) or {}
        return known.get(event.document_key, event.declared_at)

    def _note_replaced(self, event: DeclarationSubmitted) -> None:
        """Remembers the end of the declaration that this one replaces.

        Only a declaration of the same document is replaced: nobody ends the code of another person.
        """
        if event.replaces is None:
            return
        replaced = self.declared.get(event.replaces)
        if replaced is not None and event.document_key in replaced:
            self.ended.keep(event.replaces, self.declared_at(event))

    def _follow(self, message: Message) -> None:
        try:
            event = self._codec.decode(message.value())
        except Poison:
            return
        self.note(event)
        self.reuses.see(event)


def _same(one: datetime, other: datetime) -> bool:
    """Returns whether two times are the same in events and tables, which have milliseconds."""
    return abs(one - other) < timedelta(milliseconds=1)


def _with(known: tuple[str, ...] | None, document_key: str) -> tuple[str, ...]:
    if known is None:
        return (document_key,)
    if document_key in known:
        return known
    return (*known, document_key)


def _first(
    known: Mapping[str, datetime] | None, document_key: str, declared_at: datetime
) -> Mapping[str, datetime]:
    if known is None:
        return {document_key: declared_at}
    if document_key in known:
        return known
    return {**known, document_key: declared_at}
