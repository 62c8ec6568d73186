"""The province's roads as a small graph: junctions, posts and gates with the roads between them, and the shortest ways through it.

Lengths and positions that no source settles are marked `estimated` in the tables, and every answer built on one says so.
"""

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from heapq import heappop, heappush
from pathlib import Path
from typing import Literal

FOLDER = Path(__file__).parent
Kind = Literal["seat", "place", "gate", "post"]
"""Seat of a district, any other place on a road, a way out of the province, a post."""
Towards = Literal["north", "south", "west", "any", ""]


@dataclass(frozen=True, slots=True)
class Node:
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
    """One stretch between two nodes, passable both ways."""

    ends: tuple[str, str]
    name: str
    length_km: float
    estimated: bool
    average_kmh: float
    confirmed: bool


@dataclass(frozen=True, slots=True)
class Way:
    """The shortest way to a node, with its last stretch; `road` is None where the way begins."""

    km: float
    minutes: float
    estimated: bool
    before: str
    road: Road | None


@cache
def nodes() -> Mapping[str, Node]:
    """Every node by id; a post's id is its checkpoint id."""
    places = (_node(row, row["node_id"], row["kind"], row["towards"]) for row in _rows("nodes.csv"))
    posts = (_node(row, row["checkpoint_id"], "post", "") for row in _rows("posts.csv"))
    return {node.node_id: node for node in (*places, *posts)}


@cache
def roads() -> tuple[Road, ...]:
    return tuple(
        Road(
            (row["one_end"], row["other_end"]),
            row["road"],
            float(row["length_km"]),
            row["length"] != "known",
            float(row["average_kmh"]),
            row["confirmed"] == "yes",
        )
        for row in _rows("roads.csv")
    )


@cache
def ways_from(node_id: str) -> Mapping[str, Way]:
    """Dijkstra's shortest ways, by length, to every node that can be reached. Minutes are those of ordinary driving on that way."""
    ways: dict[str, Way] = {}
    reached: list[tuple[float, str]] = [(0.0, node_id)]
    best = {node_id: Way(0.0, 0.0, False, node_id, None)}
    while reached:
        _, here = heappop(reached)
        if here in ways:
            continue
        way = ways[here] = best[here]
        for there, road in _roads_at()[here]:
            km = way.km + road.length_km
            if there not in best or km < best[there].km:
                best[there] = Way(
                    km,
                    way.minutes + road.length_km / road.average_kmh * 60,
                    way.estimated or road.estimated,
                    here,
                    road,
                )
                heappush(reached, (km, there))
    return ways


def km_between(one: str, other: str) -> float:
    """By road; endless where no road leads."""
    way = ways_from(one).get(other)
    return float("inf") if way is None else way.km


def stretches(one: str, other: str) -> list[Road]:
    """The roads of the shortest way, in the order in which they are driven."""
    ways, here, driven = ways_from(one), other, list[Road]()
    while (road := ways[here].road) is not None:
        driven.append(road)
        here = ways[here].before
    return driven[::-1]


@cache
def _roads_at() -> Mapping[str, list[tuple[str, Road]]]:
    at: dict[str, list[tuple[str, Road]]] = {node_id: [] for node_id in nodes()}
    for road in roads():
        one, other = road.ends
        at[one].append((other, road))
        at[other].append((one, road))
    return at


def _rows(name: str) -> Iterator[dict[str, str]]:
    with (FOLDER / name).open(encoding="utf-8", newline="") as table:
        yield from csv.DictReader(table)


def _node(row: Mapping[str, str], node_id: str, kind: str, towards: str) -> Node:
    latitude, longitude = float(row["latitude"]), float(row["longitude"])
    return Node(
        node_id,
        kind,
        row["name"],
        row["unit_code"],
        towards,
        latitude,
        longitude,
        row["confirmed"] == "yes",
    )  # type: ignore[arg-type] # the shipped tables hold only these
