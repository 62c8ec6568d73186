"""Says where on the roads a checkpoint or a commune lies.

A commune with a node of its own lies there. Any other is somewhere in its district, whose seat
stands for it where one node must be chosen. A place outside the province lies beyond the gates
towards it.
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
    """The nodes of a commune, or of a district that has none.

    `anywhere` holds every node that it may be at, so that no person is judged by a guess. `chosen`
    holds those that stand for it in a distance.
    """

    anywhere: tuple[str, ...]
    chosen: tuple[str, ...]
    precision: Precision


@cache
def place_of_unit(code: str) -> Place | None:
    """Returns the place of a commune, or of a district that has none; None for any other code."""
    if not is_valid_place(code):
        return None
    path = (code, *parents(code))
    if PROVINCE not in path:
        return _beyond(path[-1])
    own = _of_unit().get(code)
    if own:
        return Place((own.node_id,), (own.node_id,), "commune")
    return _district(path[-2])


@lru_cache(maxsize=4096)
def node_of_checkpoint(
    checkpoint_id: str, unit_code: str, latitude: float | None, longitude: float | None
) -> str | None:
    """Returns the node of a checkpoint as it is described; None: it has no place on the roads.

    A description with coordinates means the shipped place, or else the nearest node, if that is
    near them. Any other means the shipped place, unless it names another commune now.
    """
    own = nodes().get(checkpoint_id)
    shipped = own if own is not None and own.kind == "post" else None
    if latitude is None or longitude is None:
        return checkpoint_id if shipped is not None and shipped.unit_code == unit_code else None
    away_km = {
        node.node_id: straight_km(node.latitude, node.longitude, latitude, longitude)
        for node in nodes().values()
    }
    if shipped is not None and away_km[checkpoint_id] <= NEAR_KM:
        return checkpoint_id
    nearest = min(away_km, key=away_km.__getitem__)
    return nearest if away_km[nearest] <= NEAR_KM else None


def straight_km(
    latitude: float, longitude: float, other_latitude: float, other_longitude: float
) -> float:
    """Returns the distance in a straight line.

    The distance serves to find places near a position; a person is judged by road only.
    """
    latitude, other_latitude = radians(latitude), radians(other_latitude)
    north = sin((other_latitude - latitude) / 2) ** 2
    east = sin(radians(other_longitude - longitude) / 2) ** 2
    haversine = north + cos(latitude) * cos(other_latitude) * east
    return 2 * EARTH_KM * asin(sqrt(haversine))


@cache
def _of_unit() -> Mapping[str, Node]:
    """Returns the node that stands for each commune.

    A seat goes before a place, a place before a post, a post before a gate.
    """
    of_unit: dict[str, Node] = {}
    for kind in ("gate", "post", "place", "seat"):
        for node in nodes().values():
            if node.kind == kind and node.unit_code:
                of_unit[node.unit_code] = node
    return of_unit


@cache
def _district(code: str) -> Place | None:
    inside = [node for node in nodes().values() if code in (node.unit_code, *_above(node))]
    seats = [node for node in inside if node.kind == "seat"]
    return Place(_ids(inside), _ids(seats), "district") if seats else None


def _above(node: Node) -> Iterable[str]:
    return parents(node.unit_code) if node.unit_code in units() else ()


@cache
def _beyond(province: str) -> Place:
    """Returns the gates towards another province, and where trains and planes arrive.

    Codes of provinces run from north to south, but for the Central Highlands in the west, which
    people reach over the pass or by the coast. Trains and planes may bring any person.
    """
    towards = {"north"} if province < PROVINCE else {"south", "west"}
    gates = [node for node in nodes().values() if node.towards in towards]
    stations = [node for node in nodes().values() if _any_person_arrives(node)]
    side = "west" if province in CENTRAL_HIGHLANDS else "south"
    nearest = [gate for gate in gates if gate.towards == side] or gates
    return Place(_ids((*gates, *stations)), _ids(nearest), "outside")


def _any_person_arrives(node: Node) -> bool:
    return node.towards == "any" or node.node_id == "railway-station"


def _ids(of: Iterable[Node]) -> tuple[str, ...]:
    return tuple(node.node_id for node in of)
