"""The stage `identify`: finds out whose each door event is and writes it to the journal under that person's pseudonym.

Guarantees: an event is written once per fact (a retry of its id is dropped); whenever the link of a document changes, everything that
came with the document follows to the right person and leaves the earlier ones, so that both orders of arrival end the same.
Names, numbers and addresses end here: the journal has pseudonyms, the vault's topic has the rest.
"""

from collections.abc import Callable, Sequence
from typing import cast

from schemas.contract.codec import Codec
from schemas.contract.events import (
    DeclarationCancelled,
    DocumentLinked,
    DocumentUnlinked,
    DoorEvent,
    LinkEvent,
    PresenceReported,
)
from schemas.contract.ids import DocumentKey, NameKey, PersonId
from schemas.contract.topics import (
    CASES,
    CHECKPOINT_SCANS,
    CITIZEN_DOCUMENTS,
    DECLARATIONS,
    DECLARED_IDENTITIES,
    HEALTH_TESTS,
    JOURNAL,
    ORDERS,
    PRESENCES,
    VACCINATIONS,
    Topic,
)
from schemas.domain.pseudonyms import Pseudonyms
from streams.identities import identity_declared
from streams.journal import Identified, journal_entry
from streams.links import Links, alias_links, known_at, links_key, links_of, pack_links
from streams.matching.names import family_and_given
from streams.stage import Received, Sent
from streams.state import State


class Identify:
    name = "identify"
    inputs: tuple[Topic, ...] = (
        DECLARATIONS,
        CHECKPOINT_SCANS,
        VACCINATIONS,
        CASES,
        ORDERS,
        PRESENCES,
        HEALTH_TESTS,
        CITIZEN_DOCUMENTS,
    )
    silent_replay = False

    def __init__(
        self, pseudonyms: Pseudonyms, codec: Codec, reference_version: Callable[[], int]
    ) -> None:
        self._pseudonyms, self._codec, self._reference_version = (
            pseudonyms,
            codec,
            reference_version,
        )

    def fold(self, records: Sequence[Received[DoorEvent | LinkEvent]], work: State) -> list[Sent]:
        work.prefetch(key for record in records for key in _keys_of(record.event))
        sent: list[Sent] = []
        for record in records:
            match record.event:
                case DocumentLinked() | DocumentUnlinked() as event:
                    sent += self._relink(event, record.offset, work)
                case event:
                    sent += self._identify(event, work)
        return sent

    def _identify(self, event: DoorEvent, work: State) -> list[Sent]:
        kept_at = event_key(event)
        if work.get(kept_at) is not None:
            return []
        work.put(kept_at, self._codec.encode(event))
        links = links_of(work, event.document_key)
        if not links.used:
            links.used = True
            work.put(links_key(event.document_key), pack_links(links))
        return [
            *self._written(event, links, fresh=True),
            *alias_links(event, links, self._own(event.document_key), fresh=True),
        ]

    def _relink(
        self, event: DocumentLinked | DocumentUnlinked, offset: int, work: State
    ) -> list[Sent]:
        links = links_of(work, event.document_key)
        before = links.person_id or self._own(event.document_key)
        if not links.take(event, offset):
            return []
        links.remember(before, links.person_id or self._own(event.document_key), known_at(event))
        work.put(links_key(event.document_key), pack_links(links))
        sent: list[Sent] = []
        for kept in self._history(event.document_key, work) if links.used else ():
            sent += self._written(kept, links, fresh=False)
            sent += alias_links(kept, links, self._own(event.document_key), fresh=False)
        return sent

    def _history(self, document_key: DocumentKey, work: State) -> list[DoorEvent]:
        """Every door event that used the document, as it was accepted."""
        kept = [
            cast(DoorEvent, self._codec.decode(value))
            for _, value in work.scan(history_prefix(document_key))
        ]
        return sorted(kept, key=lambda event: event.event_id)

    def _written(self, event: DoorEvent, links: Links, *, fresh: bool) -> list[Sent]:
        """The event at its person, and its withdrawal from every person the document pointed at before, its own included."""
        holder = links.person_id or self._own(event.document_key)
        earlier = [
            person
            for person in dict.fromkeys((self._own(event.document_key), *links.earlier))
            if person != holder
        ]
        sent = self._at(event, links, PersonId(holder), withdrawn=False, fresh=fresh)
        for person in earlier:
            sent += self._at(event, links, PersonId(person), withdrawn=True, fresh=False)
        return sent

    def _at(
        self, event: DoorEvent, links: Links, person: PersonId, *, withdrawn: bool, fresh: bool
    ) -> list[Sent]:
        name_key = self._name_key(event)
        identified = Identified(
            person,
            links.revision,
            withdrawn,
            fresh,
            self._reference_version(),
            links.registered,
            name_key,
            links.deceased_at,
            known_from=None if withdrawn else links.known_from(event.received_at),
            formerly=links.formerly(person, event.received_at),
        )
        sent = [Sent(JOURNAL, person, journal_entry(event, identified))]
        if (declared := identity_declared(event, identified)) is not None:
            sent.append(Sent(DECLARED_IDENTITIES, person, declared))
        return sent

    def _name_key(self, event: DoorEvent) -> NameKey | None:
        if isinstance(event, PresenceReported | DeclarationCancelled) or not event.full_name:
            return None
        return self._pseudonyms.name(family_and_given(event.full_name))

    def _own(self, document_key: DocumentKey) -> PersonId:
        return self._pseudonyms.person_of(document_key)


def event_key(event: DoorEvent) -> bytes:
    return history_prefix(event.document_key) + event.event_id.encode()


def history_prefix(document_key: DocumentKey) -> bytes:
    return b"h" + document_key.encode() + b"\x00"


def _keys_of(event: DoorEvent | DocumentLinked | DocumentUnlinked) -> tuple[bytes, ...]:
    if isinstance(event, DocumentLinked | DocumentUnlinked):
        return (links_key(event.document_key),)
    return (links_key(event.document_key), event_key(event))
