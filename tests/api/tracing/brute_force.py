"""A tracer written from the text of the rules alone, with nothing of the product in it: slow, obvious, and the oracle of the real one.

Times are whole minutes. Two people meet where both stayed at one place: if both stays have a length, they overlap for at least so many
minutes while the one is infectious; if one of them is a moment, they lie at most so many minutes apart, and the meeting (from when the
later one came until the earlier one left) touches the infectious period. Nobody infects the case, nor themselves. Whoever is known to
have been more than two metres away met nobody. Whoever is exposed may infect from that minute on, until the end of the case's period.
Whoever is exposed may infect only a latency later, if there is one.
Those of one household are together all the time: whoever lives with somebody infectious is exposed as soon as that one is.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Presence:
    person: str
    place: str
    began: int
    ended: int
    presence_id: str
    received: int = 0
    distance_m: float | None = None


@dataclass(frozen=True)
class Answer:
    generation: dict[str, int]
    exposed: dict[str, int]
    edges: frozenset[tuple[str, str, str, str]]
    """(who, whom, by which presence of the one, by which of the other)."""


def exposure(one: Presence, other: Presence, since: int, until: int, overlap: int, apart: int) -> int | None:
    """Minute in which the second was exposed to the first; None if they did not meet."""
    if one.place != other.place or one.person == other.person:
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
    homes: dict[str, str] | None = None,
    latent: int = 0,
    vehicles: bool = True,
) -> Answer:
    known = [one for one in presences if one.received <= known_at and (one.distance_m is None or one.distance_m <= 2)]
    exposed, generation, edges = {case: since}, {case: 0}, set[tuple[str, str, str, str]]()
    for step in range(1, depth + 1):
        before = {person: at if person == case else at + latent for person, at in exposed.items()}
        for mate, home in (homes or {}).items():
            for another, its_home in (homes or {}).items():
                if mate in before and before[mate] <= until and another not in (mate, case) and home == its_home:
                    edges.add((mate, another, f"home of {mate}", f"home of {another}"))
                    generation.setdefault(another, step)
                    exposed[another] = min(before[mate], exposed.get(another, before[mate]))
        for one in known:
            for other in known:
                if one.person not in before or other.person == case or (one.place.startswith("vehicle:") and not vehicles):
                    continue
                at = exposure(one, other, before[one.person], until, overlap, apart.get(one.place.split(":")[0], 0))
                if at is None:
                    continue
                edges.add((one.person, other.person, one.presence_id, other.presence_id))
                generation.setdefault(other.person, step)
                exposed[other.person] = min(at, exposed.get(other.person, at))
    return Answer(generation, exposed, frozenset(edges))
