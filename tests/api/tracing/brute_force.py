"""A tracer written from the text of the rules alone, with nothing of the product in it: slow, obvious, and the oracle of the real one.

Times are whole minutes. Two people meet where both stayed at one place: if both stays have a length, they overlap for at least so many
minutes while the one is infectious; if one of them is a moment, they lie at most so many minutes apart, and the meeting (from when the
later one came until the earlier one left) touches the infectious period. A place may have parts (`site:market/stall-3`): those in two of
them did not meet, but whoever is known only to have been at the place may have been in any. Nobody infects the case, nor themselves.
Whoever is known to have been more than two metres away met nobody. Whoever is exposed may infect from that minute on, until the end of
the case's period, or until the minute at which contacts are said to have been isolated; but whoever is under an order that begins no
earlier than the case's period and lasts beyond both ends, until the first such order began. An order to stay at home parts nobody from
their household.
Whoever is exposed may infect only a latency later, if there is one.
Those of one household are together all the time: whoever lives with somebody infectious is exposed as soon as that one is. Whoever has
moved out by then is not.
As known at a minute: orders and presences received by then, each presence at the person to whom the last link known by then had moved it;
and of each member of a household the last word known by then.
"""

from collections.abc import Sequence
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
    """A link, known from a minute on, says that a presence is that person's."""

    presence_id: str
    person: str
    known: int


@dataclass(frozen=True)
class Living:
    """Known from a minute on: who lives in a household, or has moved out of it, as of another minute."""

    person: str
    home: str
    known: int = 0
    left: int | None = None


@dataclass(frozen=True)
class Order:
    """Without an end while that is not decided."""

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
    """(who, whom, by which presence of the one, by which of the other)."""


def part_of(place: str, whole: str) -> bool:
    return place.startswith(f"{whole}/")


def exposure(
    one: Presence, other: Presence, since: int, until: int, overlap: int, apart: int
) -> int | None:
    """Minute in which the second was exposed to the first; None if they did not meet."""
    if one.person == other.person or not (
        one.place == other.place
        or part_of(one.place, other.place)
        or part_of(other.place, one.place)
    ):
        return None
    came, left = max(one.began, other.began), min(one.ended, other.ended)
    if one.began < one.ended and other.began < other.ended:
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
    lasting = [
        one
        for one in orders
        if one.received <= known_at
        and one.begins >= since
        and (one.ends is None or one.ends > max(until, others_until))
    ]
    ends, ends_at_home = {case: until}, {case: until}
    for order in sorted(lasting, key=lambda order: -order.begins):
        if order.person != case:
            ends[order.person] = order.begins
            if not order.at_home:
                ends_at_home[order.person] = order.begins
    holders = {
        one.presence_id: one.person
        for one in sorted(moved, key=lambda one: one.known)
        if one.known <= known_at
    }
    received = [
        one
        for one in presences
        if one.received <= known_at and (one.distance_m is None or one.distance_m <= 2)
    ]
    known = [replace(one, person=holders.get(one.presence_id, one.person)) for one in received]
    homes = list(
        {
            (one.person, one.home): one
            for one in sorted(living, key=lambda one: one.known)
            if one.known <= known_at
        }.values()
    )
    exposed, generation, edges = {case: since}, {case: 0}, set[tuple[str, str, str, str]]()
    for step in range(1, depth + 1):
        before = {person: at if person == case else at + latent for person, at in exposed.items()}
        for mate in homes:
            for another in homes:
                if (
                    mate.person not in before
                    or another.person in (mate.person, case)
                    or mate.home != another.home
                ):
                    continue
                since_then = before[mate.person]
                end = ends_at_home.get(mate.person, others_until)
                if since_then <= end and all(
                    one.left is None or one.left >= since_then for one in (mate, another)
                ):
                    edges.add(
                        (
                            mate.person,
                            another.person,
                            f"home of {mate.person}",
                            f"home of {another.person}",
                        )
                    )
                    generation.setdefault(another.person, step)
                    exposed[another.person] = min(
                        since_then, exposed.get(another.person, since_then)
                    )
        for one in known:
            for other in known:
                if (
                    one.person not in before
                    or other.person == case
                    or (one.place.startswith("vehicle:") and not vehicles)
                ):
                    continue
                end, apart_most = (
                    ends.get(one.person, others_until),
                    apart.get(one.place.split(":")[0], 0),
                )
                at = exposure(one, other, before[one.person], end, overlap, apart_most)
                if at is None:
                    continue
                edges.add((one.person, other.person, one.presence_id, other.presence_id))
                generation.setdefault(other.person, step)
                exposed[other.person] = min(at, exposed.get(other.person, at))
    return Answer(generation, exposed, frozenset(edges))
