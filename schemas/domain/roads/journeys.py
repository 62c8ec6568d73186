"""Journeys by road: how far it is, whether a post is on the way, and which one comes next."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from schemas.contract.terms import Direction
from schemas.domain.roads.network import Way, km_between, nodes, stretches, ways_from
from schemas.domain.roads.places import place_of_unit
from schemas.domain.roads.posts import shipped_posts

ON_WAY_KM = 2.0
"""A post that costs no more than this is on the way: lengths are rounded, and roads run beside each other."""


@dataclass(frozen=True, slots=True)
class Drive:
    """By the shortest way; `estimated` if any stretch's length is."""

    km: float
    minutes: float
    estimated: bool
    roads: tuple[str, ...]


@lru_cache(maxsize=4096)
def drive(starts: tuple[str, ...], ends: tuple[str, ...]) -> Drive | None:
    """The shortest of the ways between any of the starts and any of the ends."""
    pairs = [
        (way, start, end) for start in starts for end in ends if (way := ways_from(start).get(end))
    ]
    if not pairs:
        return None
    way, start, end = min(pairs, key=lambda pair: (pair[0].km, pair[1], pair[2]))
    return _drive(way, start, end)


@lru_cache(maxsize=65_536)
def detour_km(origin_code: str, destination_code: str, node: str) -> float | None:
    """How much longer the journey is by way of this node; the least of it, where an end may lie at several. None: an end has no place."""
    origin, destination = place_of_unit(origin_code), place_of_unit(destination_code)
    if origin is None or destination is None:
        return None
    return least_detour_km(origin.anywhere, destination.anywhere, node)


@lru_cache(maxsize=65_536)
def least_detour_km(starts: tuple[str, ...], ends: tuple[str, ...], node: str) -> float:
    least = min(
        km_between(start, node) + km_between(node, end) - km_between(start, end)
        for start in starts
        for end in ends
    )
    return max(0.0, round(least, 6))


@lru_cache(maxsize=65_536)
def km_from_place(node: str, code: str) -> float | None:
    """From a node to a commune: to the nearest node where the commune may lie. None: it has no place."""
    place = place_of_unit(code)
    return None if place is None else min(km_between(node, end) for end in place.anywhere)


@lru_cache(maxsize=65_536)
def border_direction(origin_code: str, destination_code: str, node: str) -> Direction | None:
    """In which direction a journey passes the province's border by a node that guards a way out of it. None where it guards none, where the
    journey does not go that way, or where both of its ends may lie beyond."""
    origin, destination = place_of_unit(origin_code), place_of_unit(destination_code)
    if origin is None or destination is None:
        return None
    comes, goes = (
        bool(gates_guarded(node) & set(place.anywhere)) for place in (origin, destination)
    )
    if comes == goes:
        return None
    return "in" if comes else "out"


@cache
def gates_guarded(node: str) -> frozenset[str]:
    """The ways out of the province that nobody reaches but by this node: no shipped post is nearer to them."""
    gates = (gate.node_id for gate in nodes().values() if gate.kind == "gate")
    return frozenset(
        gate
        for gate in gates
        if all(km_between(node, gate) <= km_between(post, gate) for post in shipped_posts())
    )


def posts_on_way(
    starts: tuple[str, ...], ends: tuple[str, ...], posts: Iterable[str]
) -> list[tuple[str, Drive]]:
    """Of these nodes those on the way from any of the starts to any of the ends, as they are met, with the drive to each."""
    on_way = (post for post in posts if least_detour_km(starts, ends, post) <= ON_WAY_KM)
    met = [(post, reached) for post in on_way if (reached := drive(starts, (post,)))]
    return sorted(met, key=lambda one: (one[1].km, one[0]))


def next_post(here: str, ends: tuple[str, ...], posts: Iterable[str]) -> tuple[str, Drive] | None:
    """The next of these nodes for somebody at the node `here` who goes on to one of the ends; None if there is none on the way."""
    on_way = posts_on_way((here,), ends, posts)
    return next(((post, reached) for post, reached in on_way if reached.km > 0), None)


def _drive(way: Way, start: str, end: str) -> Drive:
    driven: Sequence[str] = [road.name for road in stretches(start, end)]
    names = tuple(
        name for place, name in enumerate(driven) if place == 0 or driven[place - 1] != name
    )
    return Drive(round(way.km, 3), round(way.minutes, 1), way.estimated, names)
