"""The strongest of the shortest chains to everybody reached. Pure.

A chain is as strong as its weakest contact; of equally strong ones the earliest holds. A strong
contact may come too late for the next one of its chain. So for each number of steps every chain to
a person is kept that no other beats in strength and in time.

A step is looked at only if it may lead to somebody in as many steps as they are reached in. In an
office most do not: everybody is reached soon, and has met everybody else a thousand times.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence

import msgspec

from api.tracing.chains import Chains, passes_on
from api.tracing.contacts import Contact

STRONGER_THAN_ALL = -(1 << 62)


class Chain(msgspec.Struct, frozen=True, gc=False):
    """A way in which a person may have been reached."""

    weakest: int
    """`Contact.weakness` of the chain's weakest contact."""
    infectious_ms: int
    """Time from which the person may infect others."""
    last: Contact | None
    before: "Chain | None"

    def contacts(self) -> list[Contact]:
        """Returns the contacts from the case to the person."""
        contacts: list[Contact] = []
        chain: Chain | None = self
        while chain is not None and chain.last is not None:
            contacts.append(chain.last)
            chain = chain.before
        return contacts[::-1]


Layer = Mapping[str, Sequence[Chain]]
"""Chains of one length, by the person that they reach."""
Targets = Collection[str]
"""People to whom a step of some number is worth a look."""


def strongest_chains(chains: Chains, overlap_ms: int) -> dict[str, list[Contact]]:
    """Returns the contacts of the strongest chain by person, as many as their generation."""
    origin = Chain(STRONGER_THAN_ALL, chains.case.since_ms, None, None)
    layer: Layer = {chains.case.person_id: [origin]}
    strongest = dict[str, list[Contact]]()
    for generation, targets in enumerate(_targets(chains), start=1):
        layer = _next(layer, targets, chains, overlap_ms)
        for person_id, of_person in layer.items():
            if chains.people[person_id].generation == generation:
                strongest[person_id] = of_person[0].contacts()
    return strongest


def _targets(chains: Chains) -> list[Targets]:
    """Returns for each step the people who are reached by it, or from whom later ones may be.

    A chain of so many steps leads only to people whose generation is no higher.
    """
    by_generation = defaultdict[int, set[str]](set)
    for person_id, reached in chains.people.items():
        by_generation[reached.generation].add(person_id)
    met = {
        source_id: {contact.contact_id for contact in contacts}
        for source_id, contacts in chains.contacts_by_source.items()
    }
    targets = list[Targets]()
    further = set[str]()
    for generation in range(chains.generations, 0, -1):
        leading = {
            source_id
            for source_id, people in met.items()
            if chains.people[source_id].generation <= generation and not people.isdisjoint(further)
        }
        further = by_generation[generation] | leading
        targets.append(further)
    return targets[::-1]


def _next(layer: Layer, targets: Targets, chains: Chains, overlap_ms: int) -> Layer:
    """Returns the chains to the targets that are one step longer."""
    if not targets:
        return {}
    longer = defaultdict[str, list[Chain]](list)
    for source_id, of_source in layer.items():
        for contact in chains.contacts_by_source.get(source_id, ()):
            if contact.contact_id not in targets:
                continue
            until_ms = chains.until_ms(source_id, contact.place)
            weakness = contact.weakness
            for chain in of_source:
                if not passes_on(contact, chain.infectious_ms, until_ms, overlap_ms):
                    continue
                exposed_ms = max(contact.met_from_ms, chain.infectious_ms)
                longer[contact.contact_id].append(
                    Chain(
                        weakest=max(chain.weakest, weakness),
                        infectious_ms=exposed_ms + chains.latent_ms,
                        last=contact,
                        before=chain,
                    )
                )
    return {person_id: _unbeaten(of_person) for person_id, of_person in longer.items()}


def _unbeaten(chains: Iterable[Chain]) -> list[Chain]:
    """Returns the strongest first, and after it each one that is earlier than those before."""
    unbeaten: list[Chain] = []
    for chain in sorted(chains, key=_rank):
        if not unbeaten or chain.infectious_ms < unbeaten[-1].infectious_ms:
            unbeaten.append(chain)
    return unbeaten


def _rank(chain: Chain) -> tuple[int, int, str]:
    assert chain.last is not None
    return chain.weakest, chain.infectious_ms, chain.last.contact_presence_id
