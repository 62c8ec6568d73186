"""The meetings around two people, and the shortest chains through them in time order.

A chain of at most four steps passes only people whom one of the two has met, and people whom those
have met. So the meetings of the two and of whom they met are all there is to ask for, whichever way
the infection may have gone: two rounds of queries instead of eight. The search itself is pure.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from msgspec.structs import replace

from api.backends.clickhouse import Queries
from api.tracing.chains import Chains, passes_on
from api.tracing.contacts import MINUTE_MS, Contact, Infectious
from api.tracing.generation import encounters_of
from api.tracing.households import HOUSEHOLD
from api.tracing.strongest_chains import strongest_chains
from schemas.contract.events import ExposureRulesAdopted

MAX_STEPS = 4
MAX_PER_STAY = 200
MAX_FOLLOWED = 5_000
Meetings = Mapping[str, Sequence[Contact]]
"""Meetings by person, from their side. A meeting has no direction of its own."""


class ChainsBetween(NamedTuple):
    forward: list[Contact]
    backward: list[Contact]
    complete: bool
    """False if people were left out who might have made a chain, or a shorter one."""


async def chains_between(
    ask: Queries, person: Infectious, other: Infectious, rules: ExposureRulesAdopted
) -> ChainsBetween:
    """Returns the chains from the person to the other, and back. Both have the same period."""
    near = await encounters_of(ask, [person, other], rules, most_per_stay=MAX_PER_STAY)
    forward, backward = _both_ways(near.contacts, person, other, rules)
    if forward and backward:
        direct = len(forward) == len(backward) == 1
        return ChainsBetween(forward, backward, complete=direct or not near.crowds)
    others = _met_by_strength(near.contacts, {person.person_id, other.person_id})
    followed = [replace(person, person_id=person_id) for person_id in others[:MAX_FOLLOWED]]
    far = await encounters_of(ask, followed, rules, most_per_stay=MAX_PER_STAY)
    forward, backward = _both_ways([*near.contacts, *far.contacts], person, other, rules)
    everybody = not near.crowds and not far.crowds and len(followed) == len(others)
    return ChainsBetween(forward, backward, complete=everybody)


def _met_by_strength(contacts: Iterable[Contact], without: set[str]) -> list[str]:
    """Returns the people met, each once, those of the strongest contacts first."""
    by_strength = sorted(contacts, key=lambda contact: contact.rank)
    people = dict.fromkeys(contact.contact_id for contact in by_strength)
    return [person_id for person_id in people if person_id not in without]


def _both_ways(
    contacts: Iterable[Contact], person: Infectious, other: Infectious, rules: ExposureRulesAdopted
) -> tuple[list[Contact], list[Contact]]:
    meetings = meetings_of(contacts)
    forward = shortest_chain(meetings, person, other.person_id, rules)
    backward = shortest_chain(meetings, other, person.person_id, rules)
    return forward, backward


def meetings_of(contacts: Iterable[Contact]) -> Meetings:
    """Returns each meeting once from both sides."""
    meetings: defaultdict[str, dict[tuple[str, str, str], Contact]] = defaultdict(dict)
    for contact in contacts:
        for side in (contact, _from_the_other_side(contact)):
            evidence = side.source_presence_id, side.contact_presence_id, side.place
            meetings[side.source_id][evidence] = side
    return {person_id: list(by_evidence.values()) for person_id, by_evidence in meetings.items()}


def shortest_chain(
    meetings: Meetings, origin: Infectious, target_id: str, rules: ExposureRulesAdopted
) -> list[Contact]:
    """Returns the strongest of the chains of fewest steps; none if all have more than four."""
    chains = Chains(origin, latent_ms=int(rules.latent_hours * 60 * MINUTE_MS))
    overlap_ms = int(rules.overlap_minutes * MINUTE_MS)
    for _ in range(MAX_STEPS):
        infectious = chains.infectious(limit=len(meetings) + 1)
        chains.apply(_contacts_of(meetings, infectious, overlap_ms))
        if target_id in chains.people:
            return strongest_chains(chains, overlap_ms)[target_id]
    return []


def _contacts_of(
    meetings: Meetings, infectious: Iterable[Infectious], overlap_ms: int
) -> Iterator[Contact]:
    """Yields what each of them is newly found to pass on; at home that is everything."""
    for person in infectious:
        for contact in meetings.get(person.person_id, ()):
            if not passes_on(contact, person.since_ms, person.until_ms, overlap_ms):
                continue
            at_home = contact.place.startswith(HOUSEHOLD)
            if at_home or not passes_on(contact, person.before_ms, person.until_ms, overlap_ms):
                yield contact


def _from_the_other_side(contact: Contact) -> Contact:
    return replace(
        contact,
        source_id=contact.contact_id,
        contact_id=contact.source_id,
        source_presence_id=contact.contact_presence_id,
        contact_presence_id=contact.source_presence_id,
        known_by=contact.known_by[::-1],
        granularity=contact.granularity[::-1],
        parts=contact.parts[::-1],
    )
