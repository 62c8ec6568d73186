"""The stage `link`: turns each citizen of a register snapshot into links and a household.

It reads `registry-citizens`. It writes one link per identity document to `citizen-documents`, and
who joins or leaves a household to `households`.

Guarantees: every number of one person leads to one pseudonym. A row loaded again unchanged writes
nothing. A document that a newer row no longer names is unlinked. A row older than what is known
changes nothing, so that snapshots may be loaded in any order.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import msgspec

from schemas.contract.events import (
    CitizenRecorded,
    CitizenRemoved,
    DocumentLinked,
    DocumentUnlinked,
    HeldDocument,
    HouseholdJoined,
    HouseholdLeft,
    RegistryEvent,
)
from schemas.contract.ids import DocumentKey, HouseholdKey
from schemas.contract.terms import RemovalReason
from schemas.contract.topics import CITIZEN_DOCUMENTS, HOUSEHOLDS, REGISTRY_CITIZENS, Topic
from schemas.domain.documents import Document, DocumentKind
from schemas.domain.pseudonyms import Pseudonyms
from streams.stage import Outgoing, Received
from streams.state import State

BEFORE_ALL = datetime.min.replace(tzinfo=UTC)


class Row(msgspec.Struct, frozen=True, array_like=True):
    """What the stage keeps of a citizen, to see whether a later row of the register is news."""

    content: bytes = b""
    """The fields of the row that go into links, packed."""
    documents: list[str] = []
    """Documents last held, also once the register has removed the person."""
    as_of: datetime = BEFORE_ALL
    """State of the register that the row shows."""
    household_key: str = ""
    removed: RemovalReason | None = None


class Link:
    name = "link"
    inputs: tuple[Topic, ...] = (REGISTRY_CITIZENS,)
    silent_replay = True

    def __init__(self, pseudonyms: Pseudonyms) -> None:
        self._pseudonyms = pseudonyms
        self._encode = msgspec.msgpack.Encoder().encode
        self._decode = msgspec.msgpack.Decoder(Row).decode

    def fold(self, records: Sequence[Received[RegistryEvent]], work: State) -> list[Outgoing]:
        events: list[RegistryEvent] = [record.event for record in records]
        work.prefetch(event.person_number.encode() for event in events)
        outgoing: list[Outgoing] = []
        for event in events:
            outgoing += self._apply(event, work)
        return outgoing

    def _apply(self, event: RegistryEvent, work: State) -> list[Outgoing]:
        stored = work.get(event.person_number.encode())
        before = Row() if stored is None else self._decode(stored)
        if _as_of(event) < before.as_of:
            return []
        match event:
            case CitizenRecorded():
                return self._record(event, before, work)
            case CitizenRemoved():
                return self._remove(event, before, work)

    def _remove(self, event: CitizenRemoved, before: Row, work: State) -> list[Outgoing]:
        """Unlinks the documents of the person.

        A death is written even for a person whom no snapshot has shown: doses may have been given
        under the number, which is that of the CCCD.
        """
        documents = before.documents
        if not documents and event.reason == "deceased":
            cccd = Document(DocumentKind.CCCD, event.person_number)
            documents = [self._pseudonyms.document(cccd)]
        row = Row(documents=documents, as_of=event.removed_at, removed=event.reason)
        if row == before:
            return []
        work.put(event.person_number.encode(), self._encode(row))
        unlinked = [self._unlinked(DocumentKey(key), event) for key in documents]
        return [*unlinked, *self._household_changes(before, "", event)]

    def _record(self, citizen: CitizenRecorded, before: Row, work: State) -> list[Outgoing]:
        held: dict[DocumentKey, HeldDocument] = {}
        for document in _all_documents(citizen):
            held[self._pseudonyms.document(_document(document))] = document
        household = ""
        if citizen.household_number:
            household = self._pseudonyms.household(citizen.household_number)
        row = Row(_content(citizen), list(held), citizen.recorded_at, household)
        if row == before:
            return []
        work.put(citizen.person_number.encode(), self._encode(row))
        outgoing = self._household_changes(before, household, citizen)
        if (row.content, row.documents) == (before.content, before.documents):
            return outgoing
        for key, document in held.items():
            outgoing.append(self._linked(key, document, citizen))
        for stored_key in before.documents:
            if stored_key not in held:
                outgoing.append(self._unlinked(DocumentKey(stored_key), citizen))
        return outgoing

    def _household_changes(
        self, before: Row, household_key: str, event: RegistryEvent
    ) -> list[Outgoing]:
        """Returns who leaves and who joins; nothing if the household is the one before."""
        if household_key == before.household_key:
            return []
        person_id = self._pseudonyms.person(event.person_number)
        head: dict[str, Any] = {
            "person_id": person_id,
            "cause_id": event.event_id,
            "received_at": event.received_at,
        }
        outgoing: list[Outgoing] = []
        if before.household_key:
            left = HouseholdLeft(
                household_key=HouseholdKey(before.household_key), left_at=_as_of(event), **head
            )
            outgoing.append(Outgoing(HOUSEHOLDS, person_id, left))
        if household_key:
            joined = HouseholdJoined(
                household_key=HouseholdKey(household_key), joined_at=_as_of(event), **head
            )
            outgoing.append(Outgoing(HOUSEHOLDS, person_id, joined))
        return outgoing

    def _linked(self, key: DocumentKey, held: HeldDocument, citizen: CitizenRecorded) -> Outgoing:
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
            permanent_code=citizen.permanent_code,
            temporary_code=citizen.temporary_code,
            received_at=citizen.received_at,
        )
        return Outgoing(CITIZEN_DOCUMENTS, key, event)

    def _unlinked(self, key: DocumentKey, event: RegistryEvent) -> Outgoing:
        reason = event.reason if isinstance(event, CitizenRemoved) else "unknown"
        unlinked = DocumentUnlinked(
            document_key=key,
            source="register",
            cause_id=event.event_id,
            unlinked_at=_as_of(event),
            reason=reason,
            received_at=event.received_at,
            person_id=self._pseudonyms.person(event.person_number),
        )
        return Outgoing(CITIZEN_DOCUMENTS, key, unlinked)


def _as_of(event: RegistryEvent) -> datetime:
    """Returns the state of the register that the row shows."""
    return event.recorded_at if isinstance(event, CitizenRecorded) else event.removed_at


def _all_documents(citizen: CitizenRecorded) -> list[HeldDocument]:
    """Returns the CCCD and the other documents of a row.

    The personal identification number is the number of the CCCD, whether or not the row lists it.
    """
    others = [document for document in citizen.documents if document.kind != "cccd"]
    return [HeldDocument("cccd", citizen.person_number), *others]


def _document(held: HeldDocument) -> Document:
    return Document(DocumentKind(held.kind), held.number)


def _content(citizen: CitizenRecorded) -> bytes:
    content = (
        citizen.full_name,
        citizen.birth_date,
        citizen.sex,
        citizen.phone,
        citizen.permanent_code,
        citizen.permanent_detail,
        citizen.temporary_code,
    )
    return msgspec.msgpack.encode(content)
