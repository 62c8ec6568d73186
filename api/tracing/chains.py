"""Generations of a trace (F0, F1, F2 …) from contacts, in time order: nobody passes on what they have not caught yet. Pure.

For each number of steps, everybody's earliest possible exposure over at most so many steps is kept. A person's generation is the least
number of steps that reach them at all; what they may pass on counts from the earliest exposure over any number of steps.
"""

from collections.abc import Collection, Iterable, Mapping

import msgspec
from msgspec.structs import replace

from api.tracing.case_status import Isolation
from api.tracing.contacts import Contact, Infectious
from api.tracing.households import HOUSEHOLD


class Exposure(msgspec.Struct, frozen=True, gc=False):
    """When a person was reached, and by which contact."""

    person_id: str
    at_ms: int
    by: Contact | None
    """None for the case itself."""


class Reached(msgspec.Struct, gc=False):
    """`first`: the earliest exposure over the fewest steps; `earliest`: over any number of them."""

    generation: int
    first: Exposure
    earliest: Exposure


class Chains:
    """`case`: the period in which the case may infect others. Others may from `latent_ms` after their exposure, until they are known to be
    isolated, or else until `contacts_until_ms`: the same end, if not given. `without`: people who are taken not to have been infected, and
    so pass nothing on."""

    def __init__(
        self,
        case: Infectious,
        latent_ms: int,
        without: Collection[str] = (),
        contacts_until_ms: int | None = None,
    ) -> None:
        self.case, self.latent_ms = case, latent_ms
        self._contacts_until_ms = case.until_ms if contacts_until_ms is None else contacts_until_ms
        self._nobody_reached = frozenset((case.person_id, *without))
        origin = Exposure(case.person_id, case.since_ms, None)
        self.people: dict[str, Reached] = {case.person_id: Reached(0, origin, origin)}
        self.contacts: dict[tuple[str, str, tuple[str, str, str]], Contact] = {}
        """Every contact that counts, by who, by which two presences and where: one scan says of its post and of its vehicle."""
        self.not_followed: dict[int, int] = {}
        """By generation: people listed, whose own contacts were not asked for, because too many came before them."""
        self._isolated: dict[str, Isolation] = {}
        self._improved = [origin]
        self.generations = 0

    def infectious(self, most: int) -> list[Infectious]:
        """Whom to ask about next: everybody newly reached or reached earlier than thought, the strongest contacts first."""
        ways = sorted(self._improved, key=lambda way: way.by.strength if way.by else (0, ""))
        for way in ways[most:]:
            generation = self.people[way.person_id].generation
            self.not_followed[generation] = self.not_followed.get(generation, 0) + 1
        return [self._period(way) for way in ways[:most]]

    def take(self, contacts: Iterable[Contact]) -> None:
        """What was found about them: the next generation."""
        self.generations += 1
        found: dict[str, Exposure] = {}
        for contact in contacts:
            if contact.contact_id in self._nobody_reached:
                continue
            said_by = contact.source_presence_id, contact.contact_presence_id, contact.place
            self.contacts[contact.source_id, contact.contact_id, said_by] = contact
            at_ms = max(
                contact.met_from_ms, self._since_ms(self.people[contact.source_id].earliest)
            )
            if (best := found.get(contact.contact_id)) is None or _sooner(at_ms, contact, best):
                found[contact.contact_id] = Exposure(contact.contact_id, at_ms, contact)
        self._improved = [way for way in found.values() if self._improves(way)]
        for way in self._improved:
            reached = self.people.setdefault(way.person_id, Reached(self.generations, way, way))
            reached.earliest = way

    def newly_reached(self) -> list[str]:
        """By the last generation taken."""
        return [
            person_id
            for person_id, one in self.people.items()
            if one.generation == self.generations and one.generation
        ]

    def isolate(self, isolated: Mapping[str, Isolation]) -> None:
        """Says from when on people infected nobody else; before they are asked about."""
        self._isolated |= isolated

    def isolated_ms(self, person_id: str) -> int | None:
        isolation = self._isolated.get(person_id)
        return None if isolation is None else isolation.at_ms

    @property
    def infectious_period(self) -> Infectious:
        """In which the case, or its contacts, may infect others."""
        return replace(self.case, until_ms=max(self.case.until_ms, self._contacts_until_ms))

    def reached(self) -> dict[str, Reached]:
        """Whom the case leads to, by person: everybody but the case."""
        return {person_id: one for person_id, one in self.people.items() if one.generation}

    def until_ms(self, person_id: str, place: str = "") -> int:
        """Until when this person may infect others, there."""
        if person_id == self.case.person_id:
            return self.case.until_ms
        isolation = self._isolated.get(person_id)
        if isolation is None:
            return self._contacts_until_ms
        if not place.startswith(HOUSEHOLD):
            return isolation.at_ms
        return self._contacts_until_ms if isolation.from_home_ms is None else isolation.from_home_ms

    def evidence(self) -> dict[str, list[Contact]]:
        """The contacts of everybody reached, by person, the strongest first."""
        found: dict[str, list[Contact]] = {}
        for contact in sorted(self.contacts.values(), key=lambda one: one.strength):
            found.setdefault(contact.contact_id, []).append(contact)
        return found

    def _period(self, way: Exposure) -> Infectious:
        until, at_home = self.until_ms(way.person_id), self.until_ms(way.person_id, HOUSEHOLD)
        return Infectious(
            way.person_id, self._since_ms(way), until, None if at_home == until else at_home
        )

    def _since_ms(self, way: Exposure) -> int:
        return way.at_ms if way.by is None else way.at_ms + self.latent_ms

    def _improves(self, way: Exposure) -> bool:
        known = self.people.get(way.person_id)
        return known is None or way.at_ms < known.earliest.at_ms


def passes_on(met: Contact, since_ms: int, until_ms: int, overlap_ms: int) -> bool:
    """Whether a meeting that counts as contact still does for somebody infectious in this period: as `contacts.sql` has it. At home it
    does if they are infectious before one of the two has moved out."""
    if met.place.startswith(HOUSEHOLD):
        return since_ms <= min(met.met_to_ms, until_ms)
    if met.met_from_ms == met.met_to_ms:
        return since_ms <= met.met_to_ms and met.met_from_ms <= until_ms
    return min(met.met_to_ms, until_ms) - max(met.met_from_ms, since_ms) >= overlap_ms


def _sooner(at_ms: int, by: Contact, best: Exposure) -> bool:
    assert best.by is not None
    return at_ms < best.at_ms or (at_ms == best.at_ms and by.strength < best.by.strength)
