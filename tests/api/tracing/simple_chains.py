"""The chains from a case as they are defined, without regard to what they cost.

It is the oracle of `chains.py`, `strongest_chains.py` and `evidence.py`: everybody is asked about
again as a whole, every chain of each length is kept, and every contact is sorted.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence

from api.tracing.chains import passes_on
from api.tracing.contacts import Contact
from api.tracing.households import HOUSEHOLD

Exposed = tuple[int, Contact | None]
"""The time at which a person was exposed, and the contact by which they were."""
Chain = tuple[int, int, str, list[Contact]]
"""Its weakest contact, from when on the last person may infect, the last presence, and all."""
MetBy = Callable[[str, int, int], Iterable[Contact]]
"""Everybody whom a person meets, infectious from the one time until the other."""


class SimpleChains:
    """Traces a case over some generations.

    People may infect others until `until_ms`; those of `isolated` until then, but at home.
    """

    def __init__(
        self,
        case: str,
        since_ms: int,
        until_ms: int,
        latent_ms: int,
        isolated: dict[str, int],
    ) -> None:
        self.case, self.until, self.latent_ms = case, until_ms, latent_ms
        self.isolated = isolated
        self.generation = {case: 0}
        self.first: dict[str, Exposed] = {case: (since_ms, None)}
        self.earliest: dict[str, Exposed] = {case: (since_ms, None)}
        self.contacts: dict[tuple[str, ...], Contact] = {}
        self._to_follow = [case]
        self.generations = 0

    def until_ms(self, person: str, place: str = "") -> int:
        if person == self.case or place.startswith(HOUSEHOLD):
            return self.until
        return self.isolated.get(person, self.until)

    def since_ms(self, person: str) -> int:
        at_ms, contact = self.earliest[person]
        return at_ms if contact is None else at_ms + self.latent_ms

    def step(self, met: MetBy) -> None:
        """Adds the next generation."""
        self.generations += 1
        exposed: dict[str, tuple[int, Contact]] = {}
        for person in self._to_follow:
            since_ms = self.since_ms(person)
            for contact in met(person, since_ms, self.until_ms(person)):
                if contact.contact_id == self.case:
                    continue
                presences = contact.source_presence_id, contact.contact_presence_id
                key = person, contact.contact_id, *presences, contact.place
                self.contacts[key] = contact
                at_ms = max(contact.met_from_ms, since_ms)
                best = exposed.get(contact.contact_id)
                if best is None or (at_ms, contact.rank) < (best[0], best[1].rank):
                    exposed[contact.contact_id] = at_ms, contact
        self._to_follow = []
        for person, (at_ms, contact) in exposed.items():
            if person in self.earliest and at_ms >= self.earliest[person][0]:
                continue
            self._to_follow.append(person)
            self.generation.setdefault(person, self.generations)
            self.first.setdefault(person, (at_ms, contact))
            self.earliest[person] = at_ms, contact

    def evidence(self) -> dict[str, list[Contact]]:
        """Returns the contacts of each person, the strongest first."""
        evidence = defaultdict[str, list[Contact]](list)
        for contact in sorted(self.contacts.values(), key=lambda contact: contact.rank):
            evidence[contact.contact_id].append(contact)
        return evidence

    def last_exposed_ms(self, contacts: Sequence[Contact]) -> int:
        return max(
            min(self.until_ms(contact.source_id, contact.place), contact.met_to_ms)
            for contact in contacts
        )

    def strongest(self, overlap_ms: int) -> dict[str, list[Contact]]:
        """Returns the strongest of the shortest chains to each person."""
        start_ms = self.first[self.case][0]
        layer: dict[str, list[Chain]] = {self.case: [(-(1 << 62), start_ms, "", [])]}
        strongest = {}
        for generation in range(1, self.generations + 1):
            longer = defaultdict[str, list[Chain]](list)
            for contact in self.contacts.values():
                until_ms = self.until_ms(contact.source_id, contact.place)
                for weakest, since_ms, _, steps in layer.get(contact.source_id, ()):
                    if passes_on(contact, since_ms, until_ms, overlap_ms):
                        infectious_ms = max(contact.met_from_ms, since_ms) + self.latent_ms
                        rank = max(weakest, contact.weakness), infectious_ms
                        chain = (*rank, contact.contact_presence_id, [*steps, contact])
                        longer[contact.contact_id].append(chain)
            layer = {person: sorted(chains, key=_rank) for person, chains in longer.items()}
            for person, chains in layer.items():
                if self.generation[person] == generation:
                    strongest[person] = chains[0][3]
        return strongest


def _rank(chain: Chain) -> tuple[int, int, str]:
    return chain[:3]
