"""Generations of a trace (F0, F1, F2 …) from contacts, in time order. Pure.

People pass on nothing that they have not caught yet. A person's generation is the least number of
steps that reach them at all. What they may pass on counts from their earliest exposure over any
number of steps, so that each generation keeps the earliest exposure over at most its number.

The two may differ. A, the case, meets C on the 5th (A -> C): C is F1. A also meets B on the 1st,
and B meets C on the 4th (A -> B -> C). So C may have been exposed on the 4th already. C stays F1,
and is asked about again: whom C met between the two exposures counts too. Only those are asked for;
whom C met later is known, and may have been exposed earlier than thought.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from operator import attrgetter

import msgspec
from msgspec.structs import replace

from api.tracing.case_status import Isolation
from api.tracing.contacts import EVER_MS, Contact, Infectious
from api.tracing.households import HOUSEHOLD

_contact_id = attrgetter("contact_id")


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
        self._by_source: dict[str, list[Contact]] = {}
        """Every contact that counts, once."""
        self._asked: list[Infectious] = []
        """People asked about last."""
        self._since_asked: dict[str, int] = {}
        """Begin of the period of which each person was asked about."""
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
        self._asked = [self._period(exposure) for exposure in exposures[:limit]]
        for person in self._asked:
            self._since_asked[person.person_id] = person.since_ms
        return self._asked

    def apply(self, contacts: Iterable[Contact]) -> None:
        """Adds the contacts of the people last asked about: the next generation.

        They are those that were not known (`Infectious.before_ms`), and all of a household. In an
        office everybody has met everybody else thousands of times: the loops do little.
        """
        self.generations += 1
        by_source = defaultdict[str, list[Contact]](list)
        for contact in contacts:
            if contact.contact_id not in self._never_exposed:
                by_source[contact.source_id].append(contact)
        earliest = _Earliest(self.people)
        for person in self._asked:
            of_person = by_source[person.person_id]
            known = self._by_source.get(person.person_id, [])
            earliest.add(of_person, person.since_ms)
            earliest.add(_that_began_before(known, person.before_ms), person.since_ms)
            self._by_source[person.person_id] = _together(known, of_person)
        self._to_follow = earliest.exposures()
        for exposure in self._to_follow:
            new = Reached(self.generations, exposure, exposure)
            reached = self.people.setdefault(exposure.person_id, new)
            reached.earliest = exposure

    @property
    def contacts_by_source(self) -> Mapping[str, Sequence[Contact]]:
        """Every contact that counts, by the person who may have passed the infection on."""
        return self._by_source

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

    def _period(self, exposure: Exposure) -> Infectious:
        until_ms = self.until_ms(exposure.person_id)
        at_home_ms = self.until_ms(exposure.person_id, HOUSEHOLD)
        return Infectious(
            person_id=exposure.person_id,
            since_ms=self._since_ms(exposure),
            until_ms=until_ms,
            until_at_home_ms=None if at_home_ms == until_ms else at_home_ms,
            before_ms=self._since_asked.get(exposure.person_id, EVER_MS),
        )

    def _since_ms(self, exposure: Exposure) -> int:
        """Returns from when on somebody so exposed may infect others."""
        return exposure.at_ms if exposure.contact is None else exposure.at_ms + self.latent_ms


class _Earliest:
    """The earliest exposure of each person over one generation, of equal ones the strongest."""

    def __init__(self, people: Mapping[str, Reached]) -> None:
        self._at_ms = {person_id: reached.earliest.at_ms for person_id, reached in people.items()}
        self._contacts: dict[str, Contact] = {}
        """Only of people who were not reached before, or only later."""

    def add(self, contacts: Sequence[Contact], since_ms: int) -> None:
        """Adds contacts of a person who may infect others from `since_ms` on."""
        best_at_ms, best = self._at_ms, self._contacts
        for contact in self._that_may_be_sooner(contacts, since_ms):
            at_ms = max(contact.met_from_ms, since_ms)
            contact_id = contact.contact_id
            known_ms = best_at_ms.get(contact_id)
            if known_ms is not None and at_ms >= known_ms:
                if at_ms > known_ms or contact_id not in best:
                    continue
                if contact.rank >= best[contact_id].rank:
                    continue
            best_at_ms[contact_id] = at_ms
            best[contact_id] = contact

    def _that_may_be_sooner(self, contacts: Sequence[Contact], since_ms: int) -> Sequence[Contact]:
        """Leaves out those after everybody's earliest exposure, in a few steps for each."""
        people = set(map(_contact_id, contacts))
        if not people <= self._at_ms.keys():
            return contacts
        latest_ms = max(map(self._at_ms.__getitem__, people), default=0)
        if since_ms > latest_ms:
            return ()
        return [contact for contact in contacts if contact.met_from_ms <= latest_ms]

    def exposures(self) -> list[Exposure]:
        return [
            Exposure(person_id, self._at_ms[person_id], contact)
            for person_id, contact in self._contacts.items()
        ]


def _that_began_before(known: Sequence[Contact], before_ms: int) -> list[Contact]:
    """Returns the contacts that an earlier begin of the source's period may have made earlier."""
    return [contact for contact in known if contact.met_from_ms < before_ms]


def _together(known: list[Contact], new: list[Contact]) -> list[Contact]:
    """Returns all contacts of a person; those at home are all new, with the earlier begin."""
    if not known:
        return new
    at_home = {contact.place for contact in new if contact.place.startswith(HOUSEHOLD)}
    if at_home:
        known = [contact for contact in known if contact.place not in at_home]
    return [*known, *new]


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
