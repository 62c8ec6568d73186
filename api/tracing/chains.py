"""Generations of a trace (F0, F1, F2 …) from contacts, in time order. Pure.

People pass on nothing that they have not caught yet. For each number of steps the earliest possible
exposure of every person over at most that number is kept. A person's generation is the least
number of steps that reach them at all; what they may pass on counts from the earliest exposure over
any number of steps.
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
        self._improved = [origin]
        self.generations = 0

    def infectious(self, limit: int) -> list[Infectious]:
        """Returns the people to ask about next, the strongest contacts first.

        These people are newly reached, or reached earlier than thought.
        """
        exposures = sorted(self._improved, key=_strength)
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
        self._improved = [exposure for exposure in earliest.values() if self._improves(exposure)]
        for exposure in self._improved:
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
        """Says from when on people infected nobody else, before they are asked about."""
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
        """Returns until when this person may infect others at the place.

        A household is a place whose name begins with `HOUSEHOLD`; the prefix alone asks for home.
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
        for contact in sorted(self.contacts.values(), key=lambda contact: contact.strength):
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

    def _improves(self, exposure: Exposure) -> bool:
        known = self.people.get(exposure.person_id)
        return known is None or exposure.at_ms < known.earliest.at_ms


def passes_on(contact: Contact, since_ms: int, until_ms: int, overlap_ms: int) -> bool:
    """Says whether a contact still counts for a source infectious in this period.

    The condition is the one of `contacts.sql`. At home it counts if the source is infectious before
    one of the two has moved out.
    """
    if contact.place.startswith(HOUSEHOLD):
        return since_ms <= min(contact.met_to_ms, until_ms)
    if contact.met_from_ms == contact.met_to_ms:
        return since_ms <= contact.met_to_ms and contact.met_from_ms <= until_ms
    shared_ms = min(contact.met_to_ms, until_ms) - max(contact.met_from_ms, since_ms)
    return shared_ms >= overlap_ms


def _strength(exposure: Exposure) -> tuple[int, str]:
    return exposure.contact.strength if exposure.contact else (0, "")


def _sooner(at_ms: int, contact: Contact, best: Exposure) -> bool:
    assert best.contact is not None
    if at_ms != best.at_ms:
        return at_ms < best.at_ms
    return contact.strength < best.contact.strength
