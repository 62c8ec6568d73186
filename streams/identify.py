"""The stage `identify`: finds out whose each door event is, and writes it to that person's journal.

Guarantees: an event is written once per fact, and a retry of its id is dropped. When the link of a
document changes, everything that came with it follows to the right person and leaves the earlier
ones. Both orders of arrival end the same.
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
from streams.document_claims import (
    DocumentClaims,
    claims_key,
    learnt_at,
    load_claims,
    store_claims,
)
from streams.journal import Identified, journal_entry
from streams.matching.names import family_and_given
from streams.proven_links import proven_links
from streams.stage import Outgoing, Received
from streams.state import State
from streams.vault_rows import vault_row


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
        self._pseudonyms = pseudonyms
        self._codec = codec
        self._reference_version = reference_version

    def fold(
        self, records: Sequence[Received[DoorEvent | LinkEvent]], work: State
    ) -> list[Outgoing]:
        keys: list[bytes] = []
        for record in records:
            keys += _keys_of(record.event)
        work.prefetch(keys)
        outgoing: list[Outgoing] = []
        for record in records:
            match record.event:
                case DocumentLinked() | DocumentUnlinked() as event:
                    outgoing += self._relink(event, record.version, work)
                case event:
                    outgoing += self._identify(event, work)
        return outgoing

    def _identify(self, event: DoorEvent, work: State) -> list[Outgoing]:
        key = event_key(event)
        if work.get(key) is not None:
            return []
        work.put(key, self._codec.encode(event))
        claims = load_claims(work, event.document_key)
        if not claims.used:
            claims.used = True
            store_claims(work, event.document_key, claims)
        return [
            *self._at_every_person(event, claims, fresh=True),
            *proven_links(event, claims, self._own_person(event.document_key), fresh=True),
        ]

    def _relink(
        self, event: DocumentLinked | DocumentUnlinked, version: int, work: State
    ) -> list[Outgoing]:
        document_key = event.document_key
        claims = load_claims(work, document_key)
        own = self._own_person(document_key)
        before = claims.person_id or own
        if not claims.apply(event, version):
            return []
        claims.note_change_of_owner(before, claims.person_id or own, learnt_at(event))
        store_claims(work, document_key, claims)
        if not claims.used:
            return []
        outgoing: list[Outgoing] = []
        for past_event in self._history(document_key, work):
            outgoing += self._at_every_person(past_event, claims, fresh=False)
            outgoing += proven_links(past_event, claims, own, fresh=False)
        return outgoing

    def _history(self, document_key: DocumentKey, work: State) -> list[DoorEvent]:
        """Returns every door event that used the document, as it was accepted, in order of ids."""
        stored = work.scan(history_prefix(document_key))
        events = [cast(DoorEvent, self._codec.decode(value)) for _, value in stored]
        return sorted(events, key=lambda event: event.event_id)

    def _at_every_person(
        self, event: DoorEvent, claims: DocumentClaims, *, fresh: bool
    ) -> list[Outgoing]:
        """Writes the event to its owner, and withdraws it from everyone the document pointed at.

        The document's own person is one of those.
        """
        own = self._own_person(event.document_key)
        owner = claims.person_id or own
        outgoing = self._entry(event, claims, owner, withdrawn=False, fresh=fresh)
        for person in dict.fromkeys((own, *claims.earlier_people)):
            if person != owner:
                outgoing += self._entry(
                    event, claims, PersonId(person), withdrawn=True, fresh=False
                )
        return outgoing

    def _entry(
        self,
        event: DoorEvent,
        claims: DocumentClaims,
        person: PersonId,
        *,
        withdrawn: bool,
        fresh: bool,
    ) -> list[Outgoing]:
        identified = Identified(
            person_id=person,
            revision=claims.revision,
            withdrawn=withdrawn,
            fresh=fresh,
            reference_version=self._reference_version(),
            registered=claims.registered,
            name_key=self._name_key(event),
            deceased_at=claims.deceased_at,
            known_from=None if withdrawn else claims.known_from(event.received_at),
            earlier_periods=claims.earlier_periods(person, event.received_at),
        )
        outgoing = [Outgoing(JOURNAL, person, journal_entry(event, identified))]
        row = vault_row(event, identified)
        if row is not None:
            outgoing.append(Outgoing(DECLARED_IDENTITIES, person, row))
        return outgoing

    def _name_key(self, event: DoorEvent) -> NameKey | None:
        if isinstance(event, PresenceReported | DeclarationCancelled) or not event.full_name:
            return None
        return self._pseudonyms.name(family_and_given(event.full_name))

    def _own_person(self, document_key: DocumentKey) -> PersonId:
        """Returns the person a document stands for while no source links it to anybody."""
        return self._pseudonyms.person_of(document_key)


def event_key(event: DoorEvent) -> bytes:
    return history_prefix(event.document_key) + event.event_id.encode()


def history_prefix(document_key: DocumentKey) -> bytes:
    return b"h" + document_key.encode() + b"\x00"


def _keys_of(event: DoorEvent | DocumentLinked | DocumentUnlinked) -> tuple[bytes, ...]:
    if isinstance(event, DocumentLinked | DocumentUnlinked):
        return (claims_key(event.document_key),)
    return (claims_key(event.document_key), event_key(event))
