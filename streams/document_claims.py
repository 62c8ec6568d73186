"""Claims of sources about the owner of a document, and the owners it was known to have before.

The stage `identify` keeps one `DocumentClaims` per document in its state. The register outranks a
card, and a card outranks a paper form. The owner is the person whom the strongest source claims.
Where no source claims anybody, a person made of the document alone owns it: `unlinked_person`.
"""

from collections.abc import Iterator
from datetime import datetime

import msgspec

from schemas.contract.events import DocumentLinked, DocumentUnlinked, KnownPeriod
from schemas.contract.ids import DocumentKey, PersonId
from schemas.contract.terms import LinkSource, RemovalReason
from streams.matching.registered import Registered
from streams.state import State

RANK: tuple[LinkSource, ...] = ("register", "card", "paper_form")
"""Sources are listed with the strongest first."""
STILL_THEIRS: tuple[RemovalReason, ...] = ("deceased", "moved_away")
"""The register may drop a person for these reasons: documents and past use stay that person's."""
NO_LINK = -1


class Claim(msgspec.Struct, frozen=True, array_like=True):
    """A source claims that the document is this person's, with what the register has of them."""

    person_id: str
    registered: Registered | None


class EarlierOwner(msgspec.Struct, frozen=True, array_like=True):
    """A person whose document it was known to be, `until` a link gave it to another person."""

    person_id: str
    until: datetime


class DocumentClaims(msgspec.Struct, array_like=True):
    """All claims about one document, and the owners it had.

    Stored states have these fields in this order: new ones come last, with a default.
    """

    by_source: dict[str, Claim] = {}
    """Each source's newest claim."""
    revision: int = NO_LINK
    """Version of the record that last changed the current claim."""
    earlier_people: list[str] = []
    """Everybody who owned the document before, each once: events are withdrawn from them."""
    used: bool = False
    """True once an event used the document.

    Most documents of a register are never used, and have no history to look for.
    """

    deceased_at: datetime | None = None
    """The register removed the person as deceased at this time."""
    earlier_owners: list[EarlierOwner] = []
    """Earlier owners in order of time, with repetitions; each follows on the one before."""
    other_claims: dict[str, list[Claim]] = {}
    """Each source's older claims, for other people, that it has not withdrawn; oldest first."""

    @property
    def current(self) -> Claim | None:
        """Returns the claim of the strongest source; None if no source claims anybody."""
        for source in RANK:
            claim = self.by_source.get(source)
            if claim is not None:
                return claim
        return None

    @property
    def person_id(self) -> PersonId | None:
        claim = self.current
        return None if claim is None else PersonId(claim.person_id)

    @property
    def registered(self) -> Registered | None:
        claim = self.current
        return None if claim is None else claim.registered

    def apply(self, event: DocumentLinked | DocumentUnlinked, version: int) -> bool:
        """Applies a link or its end, which may change a claim that is not the current one.

        Returns whether the current claim, or the death, changed.
        """
        before = (self.current, self.deceased_at)
        if isinstance(event, DocumentLinked):
            self._add(event.source, Claim(event.person_id, _registered(event)))
        elif event.reason in STILL_THEIRS:
            self._unregister(event.source, event.person_id)
        else:
            self._withdraw(event.source, event.person_id)
        if event.source == "register":
            self.deceased_at = self._death_by(event)
        if (self.current, self.deceased_at) == before:
            return False
        self.revision = version
        return True

    def note_change_of_owner(self, before: PersonId, after: PersonId, at: datetime) -> None:
        """Records that the owner changed from `before` to `after`, as the system learnt at `at`.

        A change that was learnt late does not go before an earlier one.
        """
        if before == after:
            return
        if before not in self.earlier_people:
            self.earlier_people.append(before)
        until = max(at, self._last_change(at))
        self.earlier_owners.append(EarlierOwner(before, until))

    def known_from(self, received_at: datetime) -> datetime:
        """Returns from when an event received then was known to be the current owner's."""
        return max(received_at, self._last_change(received_at))

    def owners_since(
        self, received_at: datetime, unlinked_person: PersonId
    ) -> Iterator[tuple[PersonId, datetime]]:
        """Yields the owners from then on, each with the time from which it was known to be one.

        The last one is today's owner: `unlinked_person` where no source claims the document.
        """
        for owner, period in self._earlier_owners_since(received_at):
            yield owner, period.known_from
        yield self.person_id or unlinked_person, self.known_from(received_at)

    def earlier_periods(self, person_id: PersonId, received_at: datetime) -> list[KnownPeriod]:
        """Returns the periods in which an event received then counted as this person's.

        Each ended when a link gave the document to another person.
        """
        if not self.earlier_owners:  # nearly always
            return []
        periods = []
        for owner, period in self._earlier_owners_since(received_at):
            if owner == person_id:
                periods.append(period)
        return periods

    def _earlier_owners_since(
        self, received_at: datetime
    ) -> Iterator[tuple[PersonId, KnownPeriod]]:
        """Yields the earlier owners of an event received then, each with its period."""
        known_from = received_at
        for owner in self.earlier_owners:
            if known_from < owner.until:
                yield PersonId(owner.person_id), KnownPeriod(known_from, owner.until)
                known_from = owner.until

    def _add(self, source: LinkSource, claim: Claim) -> None:
        """Makes the claim the source's newest; its claims for other people stay until withdrawn.

        The rows of a register come in any order: one may give a document to a new holder before
        another takes it from the old one.
        """
        self._withdraw(source, claim.person_id)
        if source in self.by_source:
            self.other_claims.setdefault(source, []).append(self.by_source[source])
        self.by_source[source] = claim

    def _unregister(self, source: LinkSource, person_id: str | None) -> None:
        """Keeps the claim for that person, and drops what the register had of them.

        Without a person, it does so for everybody whom the source claims.
        """
        for claim in self._claims_of(source):
            if person_id in (None, claim.person_id):
                self._replace(source, claim, Claim(claim.person_id, None))

    def _replace(self, source: LinkSource, before: Claim, after: Claim) -> None:
        if self.by_source[source] is before:
            self.by_source[source] = after
            return
        others = self.other_claims[source]
        self.other_claims[source] = [after if claim is before else claim for claim in others]

    def _withdraw(self, source: LinkSource, person_id: str | None) -> None:
        """Drops the source's claims for that person, or all of them where no person is given.

        The newest of the remaining claims is the source's claim then.
        """
        claims = self._claims_of(source)
        self.other_claims.pop(source, None)
        self.by_source.pop(source, None)
        if person_id is None:
            return
        remaining = [claim for claim in claims if claim.person_id != person_id]
        if remaining:
            self.by_source[source] = remaining.pop()
        if remaining:
            self.other_claims[source] = remaining

    def _claims_of(self, source: LinkSource) -> list[Claim]:
        """Returns all claims of a source, the newest last."""
        claims = list(self.other_claims.get(source, ()))
        if source in self.by_source:
            claims.append(self.by_source[source])
        return claims

    def _death_by(self, event: DocumentLinked | DocumentUnlinked) -> datetime | None:
        """Returns the time of death, if this event of the register says that the owner has died."""
        if isinstance(event, DocumentLinked) or event.reason != "deceased":
            return None
        return event.unlinked_at if self.registered is None else None

    def _last_change(self, otherwise: datetime) -> datetime:
        """Returns when the owner last changed, or `otherwise` if it never did."""
        return self.earlier_owners[-1].until if self.earlier_owners else otherwise


_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(DocumentClaims).decode


def claims_key(document_key: str) -> bytes:
    return b"l" + document_key.encode()


def load_claims(work: State, document_key: DocumentKey) -> DocumentClaims:
    stored = work.get(claims_key(document_key))
    return DocumentClaims() if stored is None else _decode(stored)


def store_claims(work: State, document_key: DocumentKey, claims: DocumentClaims) -> None:
    work.put(claims_key(document_key), _encode(claims))


def learnt_at(event: DocumentLinked | DocumentUnlinked) -> datetime:
    """Returns when the system learnt of a link; older records say only when its source did."""
    if event.received_at is not None:
        return event.received_at
    return event.linked_at if isinstance(event, DocumentLinked) else event.unlinked_at


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
