"""Measures journeys by road: how far it is, which checkpoints are on the way, which comes next."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache

from schemas.contract.terms import Direction
from schemas.domain.roads.network import Way, km_between, nodes, stretches, ways_from
from schemas.domain.roads.places import place_of_unit
from schemas.domain.roads.posts import shipped_checkpoints

ON_WAY_KM = 2.0
"""A checkpoint whose detour is no longer than this is on the way.

Lengths are rounded, and roads run beside each other.
"""


@dataclass(frozen=True, slots=True)
class Drive:
    """The shortest way; it is `estimated` if the length of any stretch is."""

    km: float
    minutes: float
    estimated: bool
    roads: tuple[str, ...]


@lru_cache(maxsize=4096)
def drive(starts: tuple[str, ...], ends: tuple[str, ...]) -> Drive | None:
    """Returns the shortest of the ways between any of the starts and any of the ends."""
    ways = list[tuple[Way, str, str]]()
    for start in starts:
        for end in ends:
            way = ways_from(start).get(end)
            if way:
                ways.append((way, start, end))
    if not ways:
        return None
    return _drive(*min(ways, key=_length_and_ends))


@lru_cache(maxsize=65_536)
def detour_km(origin_code: str, destination_code: str, node: str) -> float | None:
    """Returns how much longer the journey is by way of this node.

    The least value counts where an end may lie at several nodes; None where an end has no place.
    """
    origin, destination = place_of_unit(origin_code), place_of_unit(destination_code)
    if origin is None or destination is None:
        return None
    return least_detour_km(origin.anywhere, destination.anywhere, node)


@lru_cache(maxsize=65_536)
def least_detour_km(starts: tuple[str, ...], ends: tuple[str, ...], node: str) -> float:
    """Returns the shortest detour by way of this node, between any start and any end."""
    detours = list[float]()
    for start in starts:
        for end in ends:
            by_node = km_between(start, node) + km_between(node, end)
            detours.append(by_node - km_between(start, end))
    return max(0.0, round(min(detours), 6))


@lru_cache(maxsize=65_536)
def km_from_place(node: str, code: str) -> float | None:
    """Returns how far a commune is: the nearest node where it may lie. None: it has no place."""
    place = place_of_unit(code)
    return None if place is None else min(km_between(node, end) for end in place.anywhere)


@lru_cache(maxsize=65_536)
def border_direction(origin_code: str, destination_code: str, node: str) -> Direction | None:
    """Returns the direction in which a journey passes the border at a node that guards it.

    None says that the node guards no way out of the province, that the journey does not go that
    way, or that both of its ends may lie beyond.
    """
    origin, destination = place_of_unit(origin_code), place_of_unit(destination_code)
    if origin is None or destination is None:
        return None
    guarded = gates_guarded(node)
    comes_in = not guarded.isdisjoint(origin.anywhere)
    goes_out = not guarded.isdisjoint(destination.anywhere)
    if comes_in == goes_out:
        return None
    return "in" if comes_in else "out"


@cache
def gates_guarded(node: str) -> frozenset[str]:
    """Returns the ways out of the province that people reach by this node only.

    No shipped checkpoint is nearer to them.
    """
    gates = (gate.node_id for gate in nodes().values() if gate.kind == "gate")
    return frozenset(gate for gate in gates if _is_nearest(node, gate))


def _is_nearest(node: str, gate: str) -> bool:
    km = km_between(node, gate)
    return all(km <= km_between(checkpoint, gate) for checkpoint in shipped_checkpoints())


def checkpoints_on_way(
    starts: tuple[str, ...], ends: tuple[str, ...], posts: Iterable[str]
) -> list[tuple[str, Drive]]:
    """Returns which of these nodes are on the way, in the order of the way, each with its drive.

    The way leads from any of the starts to any of the ends.
    """
    on_way = list[tuple[str, Drive]]()
    for post in posts:
        if least_detour_km(starts, ends, post) > ON_WAY_KM:
            continue
        driven = drive(starts, (post,))
        if driven:
            on_way.append((post, driven))
    return sorted(on_way, key=_km_and_post)


def next_checkpoint(
    here: str, ends: tuple[str, ...], posts: Iterable[str]
) -> tuple[str, Drive] | None:
    """Returns the next of these nodes for a person at `here` who goes on to one of the ends.

    None says that no other is on the way.
    """
    for post, driven in checkpoints_on_way((here,), ends, posts):
        if driven.km > 0:
            return post, driven
    return None


def _drive(way: Way, start: str, end: str) -> Drive:
    """Returns the drive, with each road named once where its stretches follow one another."""
    names = list[str]()
    for road in stretches(start, end):
        if road.name not in names[-1:]:
            names.append(road.name)
    return Drive(round(way.km, 3), round(way.minutes, 1), way.estimated, tuple(names))


def _length_and_ends(pair: tuple[Way, str, str]) -> tuple[float, str, str]:
    way, start, end = pair
    return way.km, start, end


def _km_and_post(met: tuple[str, Drive]) -> tuple[float, str]:
    post, driven = met
    return driven.km, post
