"""The stage `link`: turns each citizen of a register snapshot into one record per identity document.

Guarantees: every number of one person leads to one pseudonym; a row loaded again unchanged writes nothing; a document that a newer row
no longer names is unlinked; a row older than what is known changes nothing, so that snapshots may be loaded in any order.
"""

from collections.abc import Sequence
from datetime import UTC, datetime

import msgspec

from schemas.documents import Document, DocumentKind
from schemas.events import (
    CitizenRecorded,
    CitizenRemoved,
    DocumentLinked,
    DocumentUnlinked,
    HeldDocument,
    RegistryEvent,
)
from schemas.ids import DocumentKey, Pseudonyms
from schemas.topics import CITIZEN_DOCUMENTS, REGISTRY_CITIZENS, Topic
from streams.stage import Received, Sent
from streams.state import State

BEFORE_ALL = datetime.min.replace(tzinfo=UTC)


class Row(msgspec.Struct, frozen=True, array_like=True):
    """What is kept of a citizen: enough to see whether another row says anything new."""

    content: bytes = b""
    documents: list[str] = []
    """Empty once the register has removed the person."""
    as_of: datetime = BEFORE_ALL
    """State of the register that the row shows."""


class Link:
    name = "link"
    inputs: tuple[Topic, ...] = (REGISTRY_CITIZENS,)
    silent_replay = True

    def __init__(self, pseudonyms: Pseudonyms) -> None:
        self._pseudonyms = pseudonyms
        self._pack = msgspec.msgpack.Encoder().encode
        self._unpack = msgspec.msgpack.Decoder(Row).decode

    def fold(self, records: Sequence[Received[RegistryEvent]], work: State) -> list[Sent]:
        events: list[RegistryEvent] = [record.event for record in records]
        work.prefetch(event.person_number.encode() for event in events)
        return [sent for event in events for sent in self._take(event, work)]

    def _take(self, event: RegistryEvent, work: State) -> list[Sent]:
        stored = work.get(event.person_number.encode())
        before = Row() if stored is None else self._unpack(stored)
        if _as_of(event) < before.as_of:
            return []
        match event:
            case CitizenRecorded():
                return self._record(event, before, work)
            case CitizenRemoved():
                work.put(event.person_number.encode(), self._pack(Row(as_of=event.removed_at)))
                return [_unlinked(DocumentKey(key), event) for key in before.documents]

    def _record(self, citizen: CitizenRecorded, before: Row, work: State) -> list[Sent]:
        held = {self._pseudonyms.document(_document(one)): one for one in _all_documents(citizen)}
        row = Row(_content(citizen), list(held), citizen.recorded_at)
        if row == before:
            return []
        work.put(citizen.person_number.encode(), self._pack(row))
        if (row.content, row.documents) == (before.content, before.documents):
            return []
        return [
            *(self._linked(key, one, citizen) for key, one in held.items()),
            *(_unlinked(DocumentKey(key), citizen) for key in before.documents if key not in held),
        ]

    def _linked(self, key: DocumentKey, held: HeldDocument, citizen: CitizenRecorded) -> Sent:
        event = DocumentLinked(
            document_key=key,
            document_kind=held.kind,
            document_number=held.number,
            person_id=self._pseudonyms.person(citizen.person_number),
            source="register",
            registered=True,
            full_name=citizen.full_name,
            birth_date=citizen.birth_date,
            sex=citizen.sex,
            phone=citizen.phone,
            residence_code=citizen.temporary_code or citizen.permanent_code,
            residence_detail=citizen.permanent_detail,
            cause_id=citizen.event_id,
            linked_at=citizen.recorded_at,
        )
        return Sent(CITIZEN_DOCUMENTS, key, event)


def _as_of(event: RegistryEvent) -> datetime:
    return event.recorded_at if isinstance(event, CitizenRecorded) else event.removed_at


def _unlinked(key: DocumentKey, event: RegistryEvent) -> Sent:
    unlinked = DocumentUnlinked(document_key=key, source="register", cause_id=event.event_id, unlinked_at=_as_of(event))
    return Sent(CITIZEN_DOCUMENTS, key, unlinked)


def _all_documents(citizen: CitizenRecorded) -> list[HeldDocument]:
    """The personal identification number is itself the number of the CCCD, whether or not the row lists it."""
    return [HeldDocument("cccd", citizen.person_number), *(one for one in citizen.documents if one.kind != "cccd")]


def _document(held: HeldDocument) -> Document:
    return Document(DocumentKind(held.kind), held.number)


def _content(citizen: CitizenRecorded) -> bytes:
    said = (
        citizen.full_name,
        citizen.birth_date,
        citizen.sex,
        citizen.phone,
        citizen.permanent_code,
        citizen.permanent_detail,
        citizen.temporary_code,
    )
    return msgspec.msgpack.encode(said)
