"""A tracer written from the text of the rules alone, with nothing of the product in it.

It is slow and obvious, and the oracle of the real one. Times are whole minutes.

Two people meet where both stayed at one place. If both stays have a length, they overlap for at
least so many minutes while the source is infectious. If one of them is a moment, they lie at most
so many minutes apart, and the meeting touches the infectious period: it lasts from when the later
one came until the earlier one left. A place may have parts (`site:market/stall-3`). People in two
of them did not meet, but somebody known only to have been at the place may have been in any.

Nobody infects the case, nor themselves. Somebody known to have been more than two metres away met
nobody. People exposed may infect from that minute on, or only a latency later if there is one. They
may until the end of the case's period, or until the minute at which contacts are said to have been
isolated. An order ends it earlier if it begins no earlier than the case's period and lasts beyond
both ends: then they may until the first such order began. An order to stay at home parts nobody
from their household.

People of one household are together all the time: somebody who lives with an infectious person is
exposed as soon as that one is. People who have moved out by then are not.

As known at a minute, only orders and presences received by then count. Each presence is that of the
person to whom the last link known by then had moved it. Of each member of a household the last word
known by then holds.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Presence:
    person: str
    place: str
    began: int
    ended: int
    presence_id: str
    received: int = 0
    distance_m: float | None = None
    granularity: str = "minute"


@dataclass(frozen=True)
class Moved:
    """A link says that a presence is that person's; it is known from a minute on."""

    presence_id: str
    person: str
    known: int


@dataclass(frozen=True)
class Living:
    """A person lives in a household, or has moved out of it as of a minute.

    The fact is known from another minute on.
    """

    person: str
    home: str
    known: int = 0
    left: int | None = None


@dataclass(frozen=True)
class Order:
    """An order has no end while that is not decided."""

    person: str
    begins: int
    ends: int | None = None
    received: int = 0
    at_home: bool = False


@dataclass(frozen=True)
class Answer:
    generation: dict[str, int]
    exposed: dict[str, int]
    edges: frozenset[tuple[str, str, str, str]]
    """Each edge is (source, contact, presence of the source, presence of the contact)."""


def part_of(place: str, whole: str) -> bool:
    return place.startswith(f"{whole}/")


def same_place(place: str, other: str) -> bool:
    return place == other or part_of(place, other) or part_of(other, place)


def exposure(
    source: Presence, other: Presence, since: int, until: int, overlap: int, apart: int
) -> int | None:
    """Returns when the other was exposed to the source, None if they did not meet."""
    if source.person == other.person or not same_place(source.place, other.place):
        return None
    came, left = max(source.began, other.began), min(source.ended, other.ended)
    if source.began < source.ended and other.began < other.ended:
        if min(left, until) - max(came, since) < overlap:
            return None
    elif came - left > apart or max(came, left) < since or came > until:
        return None
    return max(came, since)


def trace(
    presences: list[Presence],
    case: str,
    since: int,
    until: int,
    depth: int,
    *,
    overlap: int,
    apart: dict[str, int],
    known_at: int = 10**9,
    moved: Sequence[Moved] = (),
    living: Sequence[Living] = (),
    latent: int = 0,
    vehicles: bool = True,
    contacts_until: int | None = None,
    orders: Sequence[Order] = (),
) -> Answer:
    others_until = until if contacts_until is None else contacts_until
    known_orders = [order for order in orders if order.received <= known_at]
    lasting = isolating_orders(known_orders, since, max(until, others_until))
    ends = {order.person: order.begins for order in lasting} | {case: until}
    ends_at_home = {order.person: order.begins for order in lasting if not order.at_home}
    ends_at_home[case] = until
    known = known_presences(presences, moved, known_at)
    homes = known_homes(living, known_at)
    exposed, generation, edges = {case: since}, {case: 0}, set[tuple[str, str, str, str]]()

    def expose(person: str, at: int, step: int) -> None:
        generation.setdefault(person, step)
        exposed[person] = min(at, exposed.get(person, at))

    for step in range(1, depth + 1):
        before = {person: at if person == case else at + latent for person, at in exposed.items()}
        for mate, other in housemates(homes, before, ends_at_home, others_until):
            if other == case:
                continue
            edges.add((mate, other, f"home of {mate}", f"home of {other}"))
            expose(other, before[mate], step)
        for source in known:
            if source.person not in before or (
                source.place.startswith("vehicle:") and not vehicles
            ):
                continue
            end = ends.get(source.person, others_until)
            most_apart = apart.get(source.place.split(":")[0], 0)
            for contact in known:
                if contact.person == case:
                    continue
                at = exposure(source, contact, before[source.person], end, overlap, most_apart)
                if at is None:
                    continue
                ids = source.presence_id, contact.presence_id
                edges.add((source.person, contact.person, *ids))
                expose(contact.person, at, step)
    return Answer(generation, exposed, frozenset(edges))


def isolating_orders(orders: Iterable[Order], since: int, beyond: int) -> list[Order]:
    """Returns the orders that isolate, the earliest of a person last."""
    lasting = [
        order
        for order in orders
        if order.begins >= since and (order.ends is None or order.ends > beyond)
    ]
    return sorted(lasting, key=lambda order: -order.begins)


def known_presences(
    presences: Iterable[Presence], moved: Iterable[Moved], known_at: int
) -> list[Presence]:
    """Returns the presences near enough, each at its person as known then."""
    holders = dict[str, str]()
    for link in sorted(moved, key=lambda link: link.known):
        if link.known <= known_at:
            holders[link.presence_id] = link.person
    known = list[Presence]()
    for presence in presences:
        is_near = presence.distance_m is None or presence.distance_m <= 2
        if presence.received <= known_at and is_near:
            person = holders.get(presence.presence_id, presence.person)
            known.append(replace(presence, person=person))
    return known


def known_homes(living: Iterable[Living], known_at: int) -> list[Living]:
    """Returns the last word on each member of a household that was known then."""
    homes = dict[tuple[str, str], Living]()
    for member in sorted(living, key=lambda member: member.known):
        if member.known <= known_at:
            homes[member.person, member.home] = member
    return list(homes.values())


def housemates(
    homes: Sequence[Living],
    infectious_from: Mapping[str, int],
    ends_at_home: Mapping[str, int],
    others_until: int,
) -> Iterable[tuple[str, str]]:
    """Yields each infectious person with everybody whom they lived with while infectious."""
    for mate in homes:
        for other in homes:
            if mate.person not in infectious_from or mate.home != other.home:
                continue
            since = infectious_from[mate.person]
            moved_out = any(
                member.left is not None and member.left < since for member in (mate, other)
            )
            end = ends_at_home.get(mate.person, others_until)
            if mate.person != other.person and since <= end and not moved_out:
                yield mate.person, other.person
