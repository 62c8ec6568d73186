"""The strongest of the shortest chains to everybody reached. Pure.

A chain is as strong as its weakest contact; of equally strong ones the earliest holds. A strong
contact may come too late for the next one of its chain. So for each number of steps every chain to
a person is kept that no other beats in strength and in time.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

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


BySource = Mapping[str, Sequence[Contact]]
Layer = Mapping[str, Sequence[Chain]]
"""Chains of one length, by the person that they reach."""


def strongest_chains(chains: Chains, overlap_ms: int) -> dict[str, list[Contact]]:
    """Returns the contacts of the strongest chain by person, as many as their generation."""
    by_source, last_by_source = _by_source(chains)
    origin = Chain(STRONGER_THAN_ALL, chains.case.since_ms, None, None)
    layer: Layer = {chains.case.person_id: [origin]}
    strongest = dict[str, list[Contact]]()
    for generation in range(1, chains.generations + 1):
        # The last step leads nowhere further: it looks only at people whom no shorter chain
        # reaches.
        is_last = generation == chains.generations
        layer = _next(layer, last_by_source if is_last else by_source, chains, overlap_ms)
        for person_id, of_person in layer.items():
            if chains.people[person_id].generation == generation:
                strongest[person_id] = of_person[0].contacts()
    return strongest


def _by_source(chains: Chains) -> tuple[BySource, BySource]:
    """Returns the contacts by source: all of them, and those with people of the last generation."""
    by_source = defaultdict[str, list[Contact]](list)
    last_by_source = defaultdict[str, list[Contact]](list)
    for contact in chains.contacts.values():
        by_source[contact.source_id].append(contact)
        if chains.people[contact.contact_id].generation == chains.generations:
            last_by_source[contact.source_id].append(contact)
    return by_source, last_by_source


def _next(layer: Layer, by_source: BySource, chains: Chains, overlap_ms: int) -> Layer:
    """Returns the chains that are one step longer."""
    longer = defaultdict[str, list[Chain]](list)
    for source_id, of_source in layer.items():
        for contact in by_source.get(source_id, ()):
            until_ms = chains.until_ms(source_id, contact.place)
            for chain in of_source:
                if not passes_on(contact, chain.infectious_ms, until_ms, overlap_ms):
                    continue
                exposed_ms = max(contact.met_from_ms, chain.infectious_ms)
                longer[contact.contact_id].append(
                    Chain(
                        weakest=max(chain.weakest, contact.weakness),
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
