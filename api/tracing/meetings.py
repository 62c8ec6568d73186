"""Everybody's meetings around two people, and the shortest ways through them in time order. The search is pure.

A way of at most four steps passes only people whom one of the two has met, and people whom those have met. So the meetings of the two
and of whom they met are all there is to ask for, whichever way the infection may have gone: two rounds of questions instead of eight.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from msgspec.structs import replace

from api.backends.clickhouse import Asks
from api.tracing.chains import Chains, passes_on
from api.tracing.contacts import MINUTE_MS, Contact, Infectious
from api.tracing.generation import contacts_of
from api.tracing.strongest_chains import strongest_chains
from schemas.contract.events import ExposureRulesAdopted

STEPS_MOST, PER_STAY_MOST, FOLLOWED_MOST = 4, 200, 5_000
Meetings = Mapping[str, Sequence[Contact]]
"""By person: their meetings, each from their side. A meeting has no direction of its own."""


async def ways_between(
    ask: Asks, one: Infectious, other: Infectious, rules: ExposureRulesAdopted
) -> tuple[list[Contact], list[Contact], bool]:
    """From the one to the other, and back; and whether nobody was left out who might have made a way, or a shorter one. Both have the same
    period."""
    contacts, unlisted, _ = await contacts_of(ask, [one, other], rules, most_per_stay=PER_STAY_MOST)
    ways = _both_ways(contacts, one, other, rules)
    if all(ways):
        return *ways, not unlisted or all(len(way) == 1 for way in ways)
    met = sorted(contacts, key=lambda contact: contact.strength)
    people = list(
        dict.fromkeys(
            contact.contact_id
            for contact in met
            if contact.contact_id not in (one.person_id, other.person_id)
        )
    )
    asked = [replace(one, person_id=person) for person in people[:FOLLOWED_MOST]]
    more, more_unlisted, _ = await contacts_of(ask, asked, rules, most_per_stay=PER_STAY_MOST)
    complete = not unlisted and not more_unlisted and len(asked) == len(people)
    return *_both_ways([*contacts, *more], one, other, rules), complete


def _both_ways(
    contacts: Iterable[Contact], one: Infectious, other: Infectious, rules: ExposureRulesAdopted
) -> tuple[list[Contact], list[Contact]]:
    meetings = meetings_of(contacts)
    return shortest_way(meetings, one, other.person_id, rules), shortest_way(
        meetings, other, one.person_id, rules
    )


def meetings_of(contacts: Iterable[Contact]) -> Meetings:
    """Each from both sides, once."""
    meetings: defaultdict[str, dict[tuple[str, str, str], Contact]] = defaultdict(dict)
    for contact in contacts:
        for seen in (contact, _from_the_other_side(contact)):
            meetings[seen.source_id][
                seen.source_presence_id, seen.contact_presence_id, seen.place
            ] = seen
    return {person: list(seen.values()) for person, seen in meetings.items()}


def shortest_way(
    meetings: Meetings, origin: Infectious, wanted: str, rules: ExposureRulesAdopted
) -> list[Contact]:
    """Of the ways of fewest steps, the strongest; empty where there is none of at most four."""
    chains, overlap_ms = (
        Chains(origin, int(rules.latent_hours * 60 * MINUTE_MS)),
        int(rules.overlap_minutes * MINUTE_MS),
    )
    for _ in range(STEPS_MOST):
        infectious = chains.infectious(most=len(meetings) + 1)
        chains.take(
            met
            for who in infectious
            for met in meetings.get(who.person_id, ())
            if passes_on(met, who.since_ms, who.until_ms, overlap_ms)
        )
        if wanted in chains.people:
            return strongest_chains(chains, overlap_ms)[wanted]
    return []


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
