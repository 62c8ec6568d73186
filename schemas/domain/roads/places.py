"""Where on the roads a post or a commune lies.

A commune with a node of its own lies there. Any other is somewhere in its district, whose seat stands for it where one node must be chosen;
a place outside the province lies beyond the gates towards it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from math import asin, cos, radians, sin, sqrt
from typing import Literal

from schemas.domain.places import is_valid_place, parents, units
from schemas.domain.roads.network import Node, nodes

PROVINCE = "51"
CENTRAL_HIGHLANDS = frozenset(("62", "64", "66", "67", "68"))
NEAR_KM, EARTH_KM = 2.0, 6371.0
Precision = Literal["commune", "district", "outside"]


@dataclass(frozen=True, slots=True)
class Place:
    """`anywhere`: every node that it may be at, so that nobody is judged by a guess; `chosen`: those that stand for it in a distance."""

    anywhere: tuple[str, ...]
    chosen: tuple[str, ...]
    precision: Precision


@cache
def place_of_unit(code: str) -> Place | None:
    """A commune, or a district that has none; None for a code that is neither."""
    if not is_valid_place(code):
        return None
    above = (code, *parents(code))
    if PROVINCE not in above:
        return _beyond(above[-1])
    if own := _of_unit().get(code):
        return Place((own.node_id,), (own.node_id,), "commune")
    return _district(above[-2])


@lru_cache(maxsize=4096)
def node_of_post(
    checkpoint_id: str, unit_code: str, latitude: float | None, longitude: float | None
) -> str | None:
    """Of a post as it is described: with coordinates its shipped place, or else the nearest node, if that is near them; without any its
    shipped place, unless it is said to stand in another commune now. None: it has no place on the roads."""
    own = nodes().get(checkpoint_id)
    shipped = own if own is not None and own.kind == "post" else None
    if latitude is None or longitude is None:
        return checkpoint_id if shipped is not None and shipped.unit_code == unit_code else None
    away = {
        node.node_id: straight_km(node.latitude, node.longitude, latitude, longitude)
        for node in nodes().values()
    }
    nearest = (
        checkpoint_id
        if shipped is not None and away[checkpoint_id] <= NEAR_KM
        else min(away, key=away.__getitem__)
    )
    return nearest if away[nearest] <= NEAR_KM else None


def straight_km(
    latitude: float, longitude: float, other_latitude: float, other_longitude: float
) -> float:
    """For finding what is near a position. Never for judging anybody: that goes by road."""
    one, other = radians(latitude), radians(other_latitude)
    across = (
        sin((other - one) / 2) ** 2
        + cos(one) * cos(other) * sin(radians(other_longitude - longitude) / 2) ** 2
    )
    return 2 * EARTH_KM * asin(sqrt(across))


@cache
def _of_unit() -> Mapping[str, Node]:
    """The node that stands for a commune: a seat before a place, a place before a post, a post before a gate."""
    order = ("gate", "post", "place", "seat")
    return {
        node.unit_code: node
        for node in sorted(nodes().values(), key=lambda node: order.index(node.kind))
        if node.unit_code
    }


@cache
def _district(code: str) -> Place | None:
    inside = [node for node in nodes().values() if code in (node.unit_code, *_above(node))]
    seats = tuple(node.node_id for node in inside if node.kind == "seat")
    return Place(tuple(node.node_id for node in inside), seats, "district") if seats else None


def _above(node: Node) -> Iterable[str]:
    return parents(node.unit_code) if node.unit_code in units() else ()


@cache
def _beyond(province: str) -> Place:
    """Codes of provinces run from north to south, but for the Central Highlands in the west, which people reach over the pass or by the
    coast. Trains and planes may bring anybody."""
    towards = {"north"} if province < PROVINCE else {"south", "west"}
    gates = [node for node in nodes().values() if node.towards in towards]
    elsewhere = [
        node.node_id
        for node in nodes().values()
        if node.towards == "any" or node.node_id == "railway-station"
    ]
    nearest = [
        node
        for node in gates
        if node.towards == ("west" if province in CENTRAL_HIGHLANDS else "south")
    ] or gates
    return Place(
        (*(node.node_id for node in gates), *elsewhere),
        tuple(node.node_id for node in nearest),
        "outside",
    )
