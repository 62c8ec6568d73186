"""To whom a document belongs, as its sources say: the register outranks a card, a card outranks a paper form."""

from collections.abc import Iterator
from datetime import datetime
from itertools import pairwise

import msgspec

from schemas.contract.events import (
    CheckpointScanned,
    DeclarationSubmitted,
    DocumentLinked,
    DocumentUnlinked,
    DoorEvent,
    KnownPeriod,
)
from schemas.contract.ids import DocumentKey, PersonId
from schemas.contract.terms import DocumentKindSymbol, LinkSource, RemovalReason
from schemas.contract.topics import CITIZEN_DOCUMENTS
from streams.matching.registered import Registered
from streams.stage import Sent
from streams.state import State

RANK: tuple[LinkSource, ...] = ("register", "card", "paper_form")
STILL_THEIRS: tuple[RemovalReason, ...] = ("deceased", "moved_away")
"""Why the register may no longer have a person whose documents, and what was done with them, stay theirs."""
NO_LINK = -1


class Said(msgspec.Struct, frozen=True, array_like=True):
    """What one source says of a document."""

    person_id: str
    registered: Registered | None


class Former(msgspec.Struct, frozen=True, array_like=True):
    """Whose a document was known to be, and until when."""

    person_id: str
    until: datetime


class Links(msgspec.Struct, array_like=True):
    """Everything said of one document, and what holds."""

    said: dict[str, Said] = {}
    revision: int = NO_LINK
    """Offset of the record that last changed what holds."""
    earlier: list[str] = []
    """Persons the document pointed at before."""
    used: bool = False
    """Whether any event used the document: most of a register's never are, and have no history to look for."""

    deceased_at: datetime | None = None
    """When the register had removed the person as deceased."""
    former: list[Former] = []
    """In order of time: each held from the end of the one before."""
    besides: dict[str, list[Said]] = {}
    """What a source says of other persons too, and has not taken back; its newest word holds."""

    @property
    def holding(self) -> Said | None:
        for source in RANK:
            if (said := self.said.get(source)) is not None:
                return said
        return None

    @property
    def person_id(self) -> PersonId | None:
        holding = self.holding
        return None if holding is None else PersonId(holding.person_id)

    @property
    def registered(self) -> Registered | None:
        holding = self.holding
        return None if holding is None else holding.registered

    def take(self, event: DocumentLinked | DocumentUnlinked, offset: int) -> bool:
        """True if what holds has changed."""
        before = (self.holding, self.deceased_at)
        if isinstance(event, DocumentLinked):
            self._say(event.source, Said(event.person_id, _registered(event)))
        elif event.reason in STILL_THEIRS:
            self._unregister(event.source, event.person_id)
        else:
            self._unsay(event.source, event.person_id)
        if event.source == "register":
            died = (
                isinstance(event, DocumentUnlinked)
                and event.reason == "deceased"
                and self.registered is None
            )
            self.deceased_at = (
                event.unlinked_at if isinstance(event, DocumentUnlinked) and died else None
            )
        if (self.holding, self.deceased_at) == before:
            return False
        self.revision = offset
        return True

    def remember(self, before: PersonId, after: PersonId, at: datetime) -> None:
        """That the document passed from one person to another, as was known from then on."""
        if before == after:
            return
        if before not in self.earlier:
            self.earlier.append(before)
        self.former.append(Former(before, max(at, self._held_from(at))))

    def known_from(self, received_at: datetime) -> datetime:
        """From when an event received then was known to be its person's of today."""
        return max(received_at, self._held_from(received_at))

    def holders_since(
        self, received_at: datetime, own: PersonId
    ) -> Iterator[tuple[PersonId, datetime]]:
        """Whose the document was known to be from then on, one after the other, each since when; the last is today's."""
        known_from = received_at
        for former in self.former:
            if known_from < former.until:
                yield PersonId(former.person_id), known_from
            known_from = max(known_from, former.until)
        yield self.person_id or own, known_from

    def formerly(self, person_id: str, received_at: datetime) -> list[KnownPeriod]:
        """When an event received then was known to be that person's, before a link took it away."""
        if not self.former:
            return []
        holders = self.holders_since(received_at, PersonId(person_id))
        return [
            KnownPeriod(since, until)
            for (held_by, since), (_, until) in pairwise(holders)
            if held_by == person_id
        ]

    def _say(self, source: LinkSource, said: Said) -> None:
        """What the source says of another person stays until it takes it back: rows of a register come in any order."""
        self._unsay(source, said.person_id)
        if source in self.said:
            self.besides.setdefault(source, []).append(self.said[source])
        self.said[source] = said

    def _unregister(self, source: LinkSource, person_id: str | None) -> None:
        """The document is still that person's, or everybody's of whom the source said so, if it does not say of whom."""
        for said in (
            *self.besides.get(source, ()),
            *([self.said[source]] if source in self.said else ()),
        ):
            if person_id in (None, said.person_id):
                self._replace(source, said, Said(said.person_id, None))

    def _replace(self, source: LinkSource, before: Said, after: Said) -> None:
        if self.said[source] is before:
            self.said[source] = after
        else:
            self.besides[source] = [
                after if said is before else said for said in self.besides[source]
            ]

    def _unsay(self, source: LinkSource, person_id: str | None) -> None:
        """Of that person; of everybody, if it does not say of whom."""
        claims = [
            *self.besides.pop(source, ()),
            *([self.said.pop(source)] if source in self.said else ()),
        ]
        kept = [said for said in claims if person_id is not None and said.person_id != person_id]
        if kept:
            self.said[source] = kept.pop()
        if kept:
            self.besides[source] = kept

    def _held_from(self, at: datetime) -> datetime:
        return self.former[-1].until if self.former else at


_pack = msgspec.msgpack.Encoder()
_unpack = msgspec.msgpack.Decoder(Links)


def known_at(event: DocumentLinked | DocumentUnlinked) -> datetime:
    """When the system learnt of a link; older records say only when its source did."""
    if event.received_at is not None:
        return event.received_at
    return event.linked_at if isinstance(event, DocumentLinked) else event.unlinked_at


def links_key(document_key: str) -> bytes:
    return b"l" + document_key.encode()


def pack_links(links: Links) -> bytes:
    return _pack.encode(links)


def links_of(work: State, document_key: DocumentKey) -> Links:
    stored = work.get(links_key(document_key))
    return Links() if stored is None else _unpack.decode(stored)


def _registered(event: DocumentLinked) -> Registered | None:
    if not event.registered:
        return None
    return Registered(
        event.full_name or "",
        event.birth_date or "",
        event.sex or "unknown",
        event.residence_code,
        event.permanent_code,
        event.temporary_code,
    )


def alias_links(event: DoorEvent, links: Links, own: PersonId, *, fresh: bool) -> Iterator[Sent]:
    """The links an event itself proves: a paper form belongs to whoever filled it in, two numbers on one card to one person. Who that is
    may have changed since a fresh event was received; of one that is not, all but the last was told when it was."""
    for key, kind, number, source in _aliases(event):
        holders = list(links.holders_since(event.received_at, own))
        for person_id, known_from in holders if fresh else holders[-1:]:
            known = links.registered if person_id == holders[-1][0] else None
            linked = DocumentLinked(
                document_key=key,
                document_kind=kind,
                document_number=number,
                person_id=person_id,
                source=source,
                registered=known is not None,
                full_name=known.full_name if known else None,
                birth_date=known.birth_date if known else None,
                sex=known.sex if known else None,
                residence_code=known.residence_code if known else None,
                cause_id=event.event_id,
                linked_at=event.received_at,
                permanent_code=known.permanent_code if known else None,
                temporary_code=known.temporary_code if known else None,
                received_at=known_from,
            )
            yield Sent(CITIZEN_DOCUMENTS, key, linked)


def _aliases(event: DoorEvent) -> Iterator[tuple[DocumentKey, DocumentKindSymbol, str, LinkSource]]:
    match event:
        case DeclarationSubmitted(paper_key=str() as key, paper_serial=str() as serial):
            yield key, "paper_form", serial, "paper_form"
        case CheckpointScanned(
            linked_key=str() as key, linked_number=str() as number, linked_kind=str() as kind
        ):
            yield key, kind, number, "card"
