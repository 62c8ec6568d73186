"""The province's roads, the checkpoints on them, and the journeys that pass both."""

from schemas.domain.roads.hours import is_manned
from schemas.domain.roads.journeys import (
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
from schemas.domain.roads.network import km_between, nodes
from schemas.domain.roads.places import Place, node_of_post, place_of_unit
from schemas.domain.roads.posts import is_confirmed, shipped_posts

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
