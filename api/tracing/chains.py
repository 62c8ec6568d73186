"""Generations of a trace (F0, F1, F2 …) from contacts, in time order. Pure.

People pass on nothing that they have not caught yet. A person's generation is the least number of
steps that reach them at all. What they may pass on counts from their earliest exposure over any
number of steps, so that each generation keeps the earliest exposure over at most its number.

The two may differ. A, the case, meets C on the 5th (A -> C): C is F1. A also meets B on the 1st,
and B meets C on the 4th (A -> B -> C). So C may have been exposed on the 4th already. C stays F1,
and is asked about again: whom C met between the two exposures counts too.
"""

from collections.abc import Collection, Iterable, Mapping

import msgspec
from msgspec.structs import replace

from api.tracing.case_status import Isolation
from api.tracing.contacts import Contact, Infectious
from api.tracing.households import HOUSEHOLD


class Exposure(msgspec.Struct, frozen=True, gc=False):
    """The time at which a person was exposed, and the contact by which they were."""

    person_id: str
    at_ms: int
    contact: Contact | None
    """The contact that exposed them; None for the case itself."""


class Reached(msgspec.Struct, gc=False):
    """A person whom the case leads to.

    `first` is the earliest exposure over the fewest steps, `earliest` over any number of them.
    """

    generation: int
    first: Exposure
    earliest: Exposure


class Chains:
    """All chains from one case, one generation after the other.

    `case` is the period in which the case may infect others. Others may from `latent_ms` after
    their exposure on, until they are known to be isolated, or else until `contacts_until_ms`, which
    is the end of the case's period if not given. `without` are people who are taken not to have
    been infected: they pass nothing on and appear nowhere in the answer.
    """

    def __init__(
        self,
        case: Infectious,
        latent_ms: int,
        without: Collection[str] = (),
        contacts_until_ms: int | None = None,
    ) -> None:
        self.case = case
        self.latent_ms = latent_ms
        self._contacts_until_ms = case.until_ms if contacts_until_ms is None else contacts_until_ms
        self._never_exposed = frozenset((case.person_id, *without))
        origin = Exposure(case.person_id, case.since_ms, None)
        self.people: dict[str, Reached] = {case.person_id: Reached(0, origin, origin)}
        self.contacts: dict[tuple[str, str, tuple[str, str, str]], Contact] = {}
        """Every contact that counts, by the two people, the two presences and the place.

        One scan tells of its checkpoint and of its vehicle.
        """
        self.not_followed: dict[int, int] = {}
        """Number of people listed in each generation whose own contacts were not asked for.

        Too many people came before them.
        """
        self._isolated: dict[str, Isolation] = {}
        self._to_follow = [origin]
        """Exposures that the last generation added, or moved to an earlier time."""
        self.generations = 0

    def infectious(self, limit: int) -> list[Infectious]:
        """Returns the people to ask about next, those with the strongest contacts first.

        They are newly reached, or reached earlier than thought. Those beyond `limit` are counted in
        `not_followed`.
        """
        exposures = sorted(self._to_follow, key=_rank)
        for exposure in exposures[limit:]:
            generation = self.people[exposure.person_id].generation
            self.not_followed[generation] = self.not_followed.get(generation, 0) + 1
        return [self._period(exposure) for exposure in exposures[:limit]]

    def apply(self, contacts: Iterable[Contact]) -> None:
        """Adds the contacts of the people last asked about: the next generation."""
        self.generations += 1
        earliest: dict[str, Exposure] = {}
        for contact in contacts:
            if contact.contact_id in self._never_exposed:
                continue
            evidence = contact.source_presence_id, contact.contact_presence_id, contact.place
            self.contacts[contact.source_id, contact.contact_id, evidence] = contact
            source = self.people[contact.source_id].earliest
            at_ms = max(contact.met_from_ms, self._since_ms(source))
            best = earliest.get(contact.contact_id)
            if best is None or _sooner(at_ms, contact, best):
                earliest[contact.contact_id] = Exposure(contact.contact_id, at_ms, contact)
        self._to_follow = [exposure for exposure in earliest.values() if self._is_sooner(exposure)]
        for exposure in self._to_follow:
            new = Reached(self.generations, exposure, exposure)
            reached = self.people.setdefault(exposure.person_id, new)
            reached.earliest = exposure

    def newly_reached(self) -> list[str]:
        """Returns the people of the last generation applied."""
        return [
            person_id
            for person_id, reached in self.people.items()
            if reached.generation == self.generations and reached.generation
        ]

    def isolate(self, isolated: Mapping[str, Isolation]) -> None:
        """Notes from when on people are isolated, and infect nobody any more.

        It has to be called before `infectious` returns these people.
        """
        self._isolated |= isolated

    def isolated_ms(self, person_id: str) -> int | None:
        isolation = self._isolated.get(person_id)
        return None if isolation is None else isolation.at_ms

    @property
    def infectious_period(self) -> Infectious:
        """The period in which the case or its contacts may infect others."""
        return replace(self.case, until_ms=max(self.case.until_ms, self._contacts_until_ms))

    def reached(self) -> dict[str, Reached]:
        """Returns everybody whom the case leads to, by person; the case is not among them."""
        return {
            person_id: reached for person_id, reached in self.people.items() if reached.generation
        }

    def until_ms(self, person_id: str, place: str = "") -> int:
        """Returns until when this person may infect others at the place, or anywhere but at home.

        An isolation may part somebody from the public earlier than from their household, whose name
        begins with `HOUSEHOLD`. As `place` the prefix alone stands for the person's own household.
        """
        if person_id == self.case.person_id:
            return self.case.until_ms
        isolation = self._isolated.get(person_id)
        if isolation is None:
            return self._contacts_until_ms
        if not place.startswith(HOUSEHOLD):
            return isolation.at_ms
        return self._contacts_until_ms if isolation.from_home_ms is None else isolation.from_home_ms

    def evidence(self) -> dict[str, list[Contact]]:
        """Returns the contacts of everybody reached, by person, the strongest first."""
        evidence: dict[str, list[Contact]] = {}
        for contact in sorted(self.contacts.values(), key=lambda contact: contact.rank):
            evidence.setdefault(contact.contact_id, []).append(contact)
        return evidence

    def _period(self, exposure: Exposure) -> Infectious:
        until_ms = self.until_ms(exposure.person_id)
        at_home_ms = self.until_ms(exposure.person_id, HOUSEHOLD)
        return Infectious(
            person_id=exposure.person_id,
            since_ms=self._since_ms(exposure),
            until_ms=until_ms,
            until_at_home_ms=None if at_home_ms == until_ms else at_home_ms,
        )

    def _since_ms(self, exposure: Exposure) -> int:
        """Returns from when on somebody so exposed may infect others."""
        return exposure.at_ms if exposure.contact is None else exposure.at_ms + self.latent_ms

    def _is_sooner(self, exposure: Exposure) -> bool:
        """Returns whether the person was not reached before, or only later."""
        known = self.people.get(exposure.person_id)
        return known is None or exposure.at_ms < known.earliest.at_ms


def passes_on(contact: Contact, since_ms: int, until_ms: int, overlap_ms: int) -> bool:
    """Returns whether a contact still counts for a source infectious in this period.

    The condition is written three times, and has to be the same: here, in `contacts.sql` and in
    `contacts_as_known.sql`. The queries have found the contact for the source's widest period. Here
    it is asked again for the period of one chain, and the time apart, which no chain changes, is
    not. At home it counts if the source is infectious before one of the two has moved out.
    """
    if contact.place.startswith(HOUSEHOLD):
        return since_ms <= min(contact.met_to_ms, until_ms)
    if contact.met_from_ms == contact.met_to_ms:
        return since_ms <= contact.met_to_ms and contact.met_from_ms <= until_ms
    shared_ms = min(contact.met_to_ms, until_ms) - max(contact.met_from_ms, since_ms)
    return shared_ms >= overlap_ms


def _rank(exposure: Exposure) -> tuple[int, str]:
    return exposure.contact.rank if exposure.contact else (0, "")


def _sooner(at_ms: int, contact: Contact, best: Exposure) -> bool:
    """Returns whether an exposure is earlier than the best, or as early by a stronger contact."""
    assert best.contact is not None
    if at_ms != best.at_ms:
        return at_ms < best.at_ms
    return contact.rank < best.contact.rank
