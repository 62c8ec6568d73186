"""Roads: the province's network, its posts, and what journeys make of both."""

from schemas.roads.hours import is_manned
from schemas.roads.journeys import (
    ON_WAY_KM,
    Drive,
    border_direction,
    detour_km,
    drive,
    gates_guarded,
    km_from_place,
    next_post,
    posts_on_way,
)
from schemas.roads.network import km_between, nodes
from schemas.roads.places import Place, node_of_post, place_of_unit
from schemas.roads.posts import is_confirmed, shipped_posts

__all__ = [
    "ON_WAY_KM",
    "Drive",
    "Place",
    "border_direction",
    "detour_km",
    "drive",
    "gates_guarded",
    "is_confirmed",
    "is_manned",
    "km_between",
    "km_from_place",
    "next_post",
    "node_of_post",
    "nodes",
    "place_of_unit",
    "posts_on_way",
    "shipped_posts",
]
