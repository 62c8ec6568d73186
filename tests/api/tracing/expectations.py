"""The brute-force tracer's answer for a world, and the product's in the same form."""

from collections.abc import Sequence
from itertools import chain

from api.tracing.chains import Chains
from api.tracing.contacts import Contact
from api.tracing.evidence import evidence_of
from api.tracing.households import HOUSEHOLD
from api.tracing.responses import ms
from schemas.contract.events import ExposureRulesAdopted
from tests.api.tracing.brute_force import Answer, Living, Moved, Order, Presence, trace
from tests.api.tracing.minutes import at


def expected(
    presences: list[Presence],
    case: str,
    since: int,
    until: int,
    depth: int,
    rules: ExposureRulesAdopted,
    known_at: int | None = None,
    living: Sequence[Living] = (),
    moved: Sequence[Moved] = (),
    contacts_until: int | None = None,
    orders: Sequence[Order] = (),
) -> Answer:
    return trace(
        presences,
        case,
        since,
        until,
        depth,
        overlap=int(rules.overlap_minutes),
        apart={kind: int(minutes) for kind, minutes in rules.apart_minutes.items()},
        known_at=10**9 if known_at is None else known_at,
        moved=moved,
        living=living if rules.households_count else (),
        latent=int(60 * rules.latent_hours),
        vehicles=rules.vehicles_count,
        contacts_until=contacts_until,
        orders=orders,
    )


def answer_of(chains: Chains) -> Answer:
    def minute(at_ms: int) -> int:
        return (at_ms - ms(at(0))) // 60_000

    edges = [edge_of(contact) for contact in contacts_of(chains)]
    assert len(edges) == len(set(edges)), "a contact counts once, however often people are asked"
    return Answer(
        {person: reached.generation for person, reached in chains.people.items()},
        {person: minute(reached.earliest.at_ms) for person, reached in chains.people.items()},
        frozenset(edges),
    )


def contacts_of(chains: Chains) -> list[Contact]:
    """Returns every contact that counts."""
    return [*chain.from_iterable(chains.contacts_by_source.values())]


def evidence_for(chains: Chains, person: str) -> list[Contact]:
    """Returns all contacts that led to the person, the strongest first."""
    return evidence_of(chains, most=1_000)[person].strongest


def edge_of(contact: Contact) -> tuple[str, str, str, str]:
    people = contact.source_id, contact.contact_id
    if contact.place.startswith(HOUSEHOLD):
        return *people, f"home of {contact.source_id}", f"home of {contact.contact_id}"
    return *people, contact.source_presence_id, contact.contact_presence_id
