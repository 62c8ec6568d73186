"""The stage `identify`: finds out whose each door event is, and writes it to that person's journal.

It reads the doors' topics and `citizen-documents`, which have names, numbers and addresses.
- Its state keeps each door event whole, so that a changed link can have it written again.
- `journal` gets the facts under pseudonyms, and how the names fit the register (`journal_entry`).
  The stages `screen` and `project` read it.
- `declared-identities` gets the names, numbers and addresses (`vault_row`). It is a topic of its
  own, so that `screen` never sees them: only `project` reads it, for the table `identity_vault`.
- `citizen-documents` gets the links that a door event proves by itself (`proven_links`).

Guarantees: an event is written once per fact, and a retry of its id is dropped. When the link of a
document changes, everything that came with it follows to the right person and leaves the earlier
ones. Whichever arrives first, the event or the link, the end is the same.
"""

from collections.abc import Callable, Sequence
from typing import cast

from schemas.contract.codec import Codec
from schemas.contract.events import (
    DocumentLinked,
    DocumentUnlinked,
    DoorEvent,
    LinkEvent,
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
from streams.journal import NAMELESS, Identified, journal_entry
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
    """A replay writes the outputs again, as the input topics may interleave otherwise than before.

    When a worker stops, it may have finished an event, but not a link. The replay may read that
    link before the event. Then the event has an entry at the linked person that was never written.
    What is written twice counts once, by id and revision. The other stages read one topic, or write
    none: their replay says nothing new.
    """

    def __init__(
        self, pseudonyms: Pseudonyms, codec: Codec, reference_version: Callable[[], int]
    ) -> None:
        self._pseudonyms = pseudonyms
        self._codec = codec
        self._reference_version = reference_version

    def fold(
        self, records: Sequence[Received[DoorEvent | LinkEvent]], work: State
    ) -> list[Outgoing]:
        """Keeps events and claims in the state `work`; returns what goes to the three topics."""
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
        """Keeps a new event, and writes it; returns nothing for one that is kept already."""
        key = event_key(event)
        if work.get(key) is not None:
            return []
        work.put(key, self._codec.encode(event))
        claims = load_claims(work, event.document_key)
        if not claims.used:
            claims.used = True
            store_claims(work, event.document_key, claims)
        unlinked_person = self._unlinked_person(event.document_key)
        outgoing = self._at_every_person(event, claims, fresh=True)
        outgoing += proven_links(event, claims, unlinked_person, fresh=True)
        return outgoing

    def _relink(
        self, event: DocumentLinked | DocumentUnlinked, version: int, work: State
    ) -> list[Outgoing]:
        """Applies a link or its end, and writes all that came with the document at its new owner.

        Returns nothing where the link changes nothing, or the document was never used.
        """
        document_key = event.document_key
        claims = load_claims(work, document_key)
        unlinked_person = self._unlinked_person(document_key)
        owner_before = claims.person_id or unlinked_person
        changed = claims.apply(event, version, unlinked_person)
        owner = claims.person_id or unlinked_person
        claims.note_change_of_owner(owner_before, owner, learnt_at(event))
        store_claims(work, document_key, claims)
        if not changed or not claims.used:
            return []
        outgoing: list[Outgoing] = []
        for past_event in self._history(document_key, work):
            outgoing += self._at_every_person(past_event, claims, fresh=False)
            outgoing += proven_links(past_event, claims, unlinked_person, fresh=False)
        return outgoing

    def _history(self, document_key: DocumentKey, work: State) -> list[DoorEvent]:
        """Returns every door event that used the document, as it was accepted, in order of ids."""
        stored = work.scan(history_prefix(document_key))
        events = [cast(DoorEvent, self._codec.decode(value)) for _, value in stored]
        return sorted(events, key=lambda event: event.event_id)

    def _at_every_person(
        self, event: DoorEvent, claims: DocumentClaims, *, fresh: bool
    ) -> list[Outgoing]:
        """Writes the event to the document's owner, and withdraws it from everybody else.

        Those are the earlier owners, and the person whom the document stands for without a link.
        """
        unlinked_person = self._unlinked_person(event.document_key)
        owner = claims.person_id or unlinked_person
        outgoing = self._entry(event, claims, owner, withdrawn=False, fresh=fresh)
        for person in dict.fromkeys((unlinked_person, *claims.withdrawn_from)):
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
        """Returns the event's journal entry at one person, and the row of the vault, if any.

        Both have the person as their key. The entry has no names, so `screen` may read its topic.
        """
        identified = Identified(
            person_id=person,
            revision=claims.revision,
            withdrawn=withdrawn,
            fresh=fresh,
            reference_version=self._reference_version(),
            registered=claims.registered,
            name_key=self._name_key(event),
            deceased_at=claims.deceased_at,
            known_from=None if withdrawn else claims.current_owner_since(event.received_at),
            earlier_periods=claims.earlier_periods(person, event.received_at),
        )
        outgoing = [Outgoing(JOURNAL, person, journal_entry(event, identified))]
        row = vault_row(event, identified)
        if row is not None:
            outgoing.append(Outgoing(DECLARED_IDENTITIES, person, row))
        return outgoing

    def _name_key(self, event: DoorEvent) -> NameKey | None:
        if isinstance(event, NAMELESS) or not event.full_name:
            return None
        return self._pseudonyms.name(family_and_given(event.full_name))

    def _unlinked_person(self, document_key: DocumentKey) -> PersonId:
        """Returns the person a document stands for while no source links it to anybody.

        For a CCCD that is the person of its number: a link by the register changes nothing then.
        """
        return self._pseudonyms.person_of(document_key)


def event_key(event: DoorEvent) -> bytes:
    return history_prefix(event.document_key) + event.event_id.encode()


def history_prefix(document_key: DocumentKey) -> bytes:
    return b"h" + document_key.encode() + b"\x00"


def _keys_of(event: DoorEvent | DocumentLinked | DocumentUnlinked) -> tuple[bytes, ...]:
    if isinstance(event, DocumentLinked | DocumentUnlinked):
        return (claims_key(event.document_key),)
    return (claims_key(event.document_key), event_key(event))
