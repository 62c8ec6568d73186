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


class PastOwnership(msgspec.Struct, frozen=True, array_like=True):
    """The document was known to be this person's, `until` a link gave it to another person."""

    person_id: str
    until: datetime


class DocumentClaims(msgspec.Struct, array_like=True):
    """All claims about one document, and the owners it had.

    Stored states have these fields in this order: new ones come last, with a default. msgspec gives
    each object a copy of an empty list or dict that is a default, so no two objects share one.
    """

    by_source: dict[str, Claim] = {}
    """Each source's newest claim."""
    revision: int = NO_LINK
    """Version of the link record that last changed the owner, their register data or their death.

    Journal entries get it as their revision; it stays `NO_LINK` until a record changes any of this.
    """
    withdrawn_from: list[str] = []
    """Everybody who owned the document before, each once: its events are withdrawn from them."""
    used: bool = False
    """True once an event used the document.

    Most documents of a register are never used, and have no history to look for.
    """

    deceased_at: datetime | None = None
    """The register removed the current owner as deceased at this time."""
    past_ownerships: list[PastOwnership] = []
    """Ownerships that have ended, in order of time; a person may have had several.

    Each began when the one before it ended.
    """
    other_claims: dict[str, list[Claim]] = {}
    """Each source's older claims, for other people, that it has not withdrawn; oldest first."""
    deaths: dict[str, datetime] = {}
    """When the register removed people as deceased, by person, whether or not they own it now."""

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

    def apply(
        self, event: DocumentLinked | DocumentUnlinked, version: int, unlinked_person: PersonId
    ) -> bool:
        """Applies a link or its end, which may change a claim or a death that is not current.

        Returns whether the current claim or the death of the owner changed: what came with the
        document has to be written again then.
        """
        before = (self.current, self.deceased_at)
        if self.deceased_at is not None and not self.deaths:
            # States stored before `deaths` existed have the death of the owner alone.
            self.deaths[self.person_id or unlinked_person] = self.deceased_at
        if isinstance(event, DocumentLinked):
            self._add(event.source, Claim(event.person_id, _registered(event)))
        elif event.reason in STILL_THEIRS:
            self._unregister(event.source, event.person_id)
        else:
            self._withdraw(event.source, event.person_id)
        if event.source == "register":
            self._note_death(event, unlinked_person)
        self.deceased_at = self.deaths.get(self.person_id or unlinked_person)
        if (self.current, self.deceased_at) == before:
            return False
        self.revision = version
        return True

    def note_change_of_owner(self, before: PersonId, after: PersonId, at: datetime) -> None:
        """Records that the owner changed from `before` to `after`, as the system learnt at `at`.

        Changes are recorded in the order in which they arrive. One with a time before that of the
        last recorded change gets the time of that change.
        """
        if before == after:
            return
        if before not in self.withdrawn_from:
            self.withdrawn_from.append(before)
        until = self._not_before_last_change(at)
        self.past_ownerships.append(PastOwnership(before, until))

    def current_owner_since(self, received_at: datetime) -> datetime:
        """Returns the time from which an event received at `received_at` is the current owner's.

        That is when the system learnt of the last change of owner, or the reception if it is later.
        """
        return self._not_before_last_change(received_at)

    def owners_since(
        self, received_at: datetime, unlinked_person: PersonId
    ) -> Iterator[tuple[PersonId, datetime]]:
        """Yields the owners from `received_at` on, each with the time its ownership was known from.

        The last one is today's owner: `unlinked_person` where no source claims the document.
        """
        for owner, period in self._earlier_periods_since(received_at):
            yield owner, period.known_from
        yield self.person_id or unlinked_person, self.current_owner_since(received_at)

    def earlier_periods(self, person_id: PersonId, received_at: datetime) -> list[KnownPeriod]:
        """Returns the periods in which an event received at `received_at` was this person's.

        Each ended when a link gave the document to another person.
        """
        if not self.past_ownerships:  # nearly always
            return []
        periods = []
        for owner, period in self._earlier_periods_since(received_at):
            if owner == person_id:
                periods.append(period)
        return periods

    def _earlier_periods_since(
        self, received_at: datetime
    ) -> Iterator[tuple[PersonId, KnownPeriod]]:
        """Yields the past owners of an event received at `received_at`, each with its period."""
        began_at = received_at
        for ownership in self.past_ownerships:
            if began_at < ownership.until:
                yield PersonId(ownership.person_id), KnownPeriod(began_at, ownership.until)
                began_at = ownership.until

    def _add(self, source: LinkSource, claim: Claim) -> None:
        """Makes the claim the source's newest; its claims for other people stay until withdrawn.

        The rows of a register come in any order: one may give a document to a new holder before
        another takes it from the old one. While a register names two people, its newest row holds.
        """
        self._withdraw(source, claim.person_id)
        if source in self.by_source:
            self.other_claims.setdefault(source, []).append(self.by_source[source])
        self.by_source[source] = claim

    def _unregister(self, source: LinkSource, person_id: str | None) -> None:
        """Keeps the claim for that person, and drops what the register had of them.

        Without a person, it does so for everybody whom the source claims. Only the register gives
        the reasons in `STILL_THEIRS`, so `source` is the register here.
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

    def _note_death(
        self, event: DocumentLinked | DocumentUnlinked, unlinked_person: PersonId
    ) -> None:
        """Notes a death, or recalls it: the register's newest word about a person holds.

        An older record names no person, and is about everybody whom the register claims. Where it
        claims nobody, a death is that of the person for whom the document stands without a link.
        """
        if event.person_id is None:
            claims = self._claims_of("register")
            people = [claim.person_id for claim in claims] or [unlinked_person]
            self.deaths.clear()
        else:
            people = [event.person_id]
            self.deaths.pop(event.person_id, None)
        if isinstance(event, DocumentUnlinked) and event.reason == "deceased":
            self.deaths |= dict.fromkeys(people, event.unlinked_at)

    def _not_before_last_change(self, at: datetime) -> datetime:
        """Returns `at`, or the time of the last change of owner if that is later."""
        return max(at, self.past_ownerships[-1].until) if self.past_ownerships else at


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
