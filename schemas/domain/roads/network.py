"""The province's roads as a small graph, and the shortest ways through it.

Its nodes are junctions, checkpoints and gates; roads lie between them. Lengths and positions that
no source settles are marked `estimated` in the tables, and every answer built on one says so.
"""

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from heapq import heappop, heappush
from pathlib import Path
from typing import Literal, cast

FOLDER = Path(__file__).parent
Kind = Literal["seat", "place", "gate", "post"]
"""A node is a seat of a district, another place on a road, a way out of the province, or a post."""
Towards = Literal["north", "south", "west", "any", ""]


@dataclass(frozen=True, slots=True)
class Node:
    """A point on the roads; a gate says towards which side of the province it leads."""

    node_id: str
    kind: Kind
    name: str
    unit_code: str
    towards: Towards
    latitude: float
    longitude: float
    confirmed: bool


@dataclass(frozen=True, slots=True)
class Road:
    """A stretch between two nodes, passable both ways."""

    ends: tuple[str, str]
    name: str
    length_km: float
    estimated: bool
    average_kmh: float
    confirmed: bool


@dataclass(frozen=True, slots=True)
class Way:
    """The shortest way to a node, with its last stretch `road`: None where the way begins.

    `before` is the node at which the last stretch begins.
    """

    km: float
    minutes: float
    estimated: bool
    before: str
    road: Road | None


@cache
def nodes() -> Mapping[str, Node]:
    """Returns every node by its id; a post's is its checkpoint id."""
    places = (_node(row, row["node_id"], row["kind"], row["towards"]) for row in _rows("nodes.csv"))
    posts = (_node(row, row["checkpoint_id"], "post", "") for row in _rows("posts.csv"))
    return {node.node_id: node for node in (*places, *posts)}


@cache
def roads() -> tuple[Road, ...]:
    """Returns every stretch of the shipped table."""
    return tuple(_road(row) for row in _rows("roads.csv"))


@cache
def ways_from(node_id: str) -> Mapping[str, Way]:
    """Returns the shortest ways, by length, to every node that can be reached (Dijkstra).

    Minutes are those of ordinary driving on that way.
    """
    ways: dict[str, Way] = {}
    reached: list[tuple[float, str]] = [(0.0, node_id)]
    best = {node_id: Way(0.0, 0.0, False, node_id, None)}
    while reached:
        _, here = heappop(reached)
        if here in ways:
            continue
        way = ways[here] = best[here]
        for neighbour, road in _roads_at()[here]:
            further = _further(way, here, road)
            if neighbour not in best or further.km < best[neighbour].km:
                best[neighbour] = further
                heappush(reached, (further.km, neighbour))
    return ways


def _further(way: Way, here: str, road: Road) -> Way:
    """Returns the way with one more stretch."""
    return Way(
        km=way.km + road.length_km,
        minutes=way.minutes + road.length_km / road.average_kmh * 60,
        estimated=way.estimated or road.estimated,
        before=here,
        road=road,
    )


def km_between(start: str, end: str) -> float:
    """Returns the length by road; it is infinite where no road leads."""
    way = ways_from(start).get(end)
    return float("inf") if way is None else way.km


def stretches(start: str, end: str) -> list[Road]:
    """Returns the roads of the shortest way, in the order in which they are driven."""
    ways = ways_from(start)
    driven = list[Road]()
    way = ways[end]
    while way.road is not None:
        driven.append(way.road)
        way = ways[way.before]
    return driven[::-1]


@cache
def _roads_at() -> Mapping[str, list[tuple[str, Road]]]:
    at: dict[str, list[tuple[str, Road]]] = {node_id: [] for node_id in nodes()}
    for road in roads():
        end, other_end = road.ends
        at[end].append((other_end, road))
        at[other_end].append((end, road))
    return at


def _rows(name: str) -> Iterator[dict[str, str]]:
    with (FOLDER / name).open(encoding="utf-8", newline="") as table:
        yield from csv.DictReader(table)


def _road(row: Mapping[str, str]) -> Road:
    return Road(
        ends=(row["one_end"], row["other_end"]),
        name=row["road"],
        length_km=float(row["length_km"]),
        estimated=row["length"] != "known",
        average_kmh=float(row["average_kmh"]),
        confirmed=row["confirmed"] == "yes",
    )


def _node(row: Mapping[str, str], node_id: str, kind: str, towards: str) -> Node:
    return Node(
        node_id=node_id,
        kind=cast(Kind, kind),
        name=row["name"],
        unit_code=row["unit_code"],
        towards=cast(Towards, towards),
        latitude=float(row["latitude"]),
        longitude=float(row["longitude"]),
        confirmed=row["confirmed"] == "yes",
    )
