"""Of the shortest chains to everybody reached, the strongest: whose weakest contact is strongest, and of equal ones the earliest.

Pure. A strong contact may come too late for the next one of its chain, so for each number of steps every way to a person is kept that no
other beats in strength and in time.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

import msgspec

from api.tracing.chains import Chains, passes_on
from api.tracing.contacts import Contact

STRONGEST = -(1 << 62)


class Way(msgspec.Struct, frozen=True, gc=False):
    """How somebody may have been reached, and from when on they may infect others."""

    weakest: int
    """`Contact.weakness` of the weakest contact."""
    infectious_ms: int
    by: Contact | None
    before: "Way | None"

    def chain(self) -> list[Contact]:
        """From the case to the person."""
        steps: list[Contact] = []
        way: Way | None = self
        while way is not None and way.by is not None:
            steps.append(way.by)
            way = way.before
        return steps[::-1]


def strongest_chains(chains: Chains, overlap_ms: int) -> dict[str, list[Contact]]:
    """By person, with as many steps as their generation."""
    by_source, last = defaultdict[str, list[Contact]](list), defaultdict[str, list[Contact]](list)
    for contact in chains.contacts.values():
        by_source[contact.source_id].append(contact)
        if chains.people[contact.contact_id].generation == chains.generations:
            last[contact.source_id].append(contact)
    case, found = chains.case, dict[str, list[Contact]]()
    layer: Mapping[str, Sequence[Way]] = {
        case.person_id: [Way(STRONGEST, case.since_ms, None, None)]
    }
    for generation in range(1, chains.generations + 1):
        # The last step leads nowhere further: only whoever is reached by no shorter way is looked at.
        layer = _next(
            layer, last if generation == chains.generations else by_source, chains, overlap_ms
        )
        found |= {
            person: ways[0].chain()
            for person, ways in layer.items()
            if chains.people[person].generation == generation
        }
    return found


def _next(
    layer: Mapping[str, Sequence[Way]],
    by_source: Mapping[str, Sequence[Contact]],
    chains: Chains,
    overlap_ms: int,
) -> dict[str, list[Way]]:
    following = defaultdict[str, list[Way]](list)
    for source, ways in layer.items():
        for contact in by_source.get(source, ()):
            following[contact.contact_id] += [
                Way(
                    max(way.weakest, contact.weakness),
                    max(contact.met_from_ms, way.infectious_ms) + chains.latent_ms,
                    contact,
                    way,
                )
                for way in ways
                if passes_on(
                    contact, way.infectious_ms, chains.until_ms(source, contact.place), overlap_ms
                )
            ]
    return {person: _unbeaten(ways) for person, ways in following.items() if ways}


def _unbeaten(ways: Iterable[Way]) -> list[Way]:
    """The strongest first, and each after it earlier than those before."""
    kept: list[Way] = []
    for way in sorted(ways, key=_rank):
        if not kept or way.infectious_ms < kept[-1].infectious_ms:
            kept.append(way)
    return kept


def _rank(way: Way) -> tuple[int, int, str]:
    assert way.by is not None
    return way.weakest, way.infectious_ms, way.by.contact_presence_id
