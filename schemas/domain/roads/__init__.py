"""The province's roads, the checkpoints on them, and the journeys that pass both."""

from schemas.domain.roads.hours import is_manned
from schemas.domain.roads.journeys import (
    ON_WAY_KM,
    Drive,
    border_direction,
    checkpoints_on_way,
    detour_km,
    drive,
    gates_guarded,
    km_from_place,
    next_checkpoint,
)
from schemas.domain.roads.network import km_between, nodes
from schemas.domain.roads.places import Place, node_of_checkpoint, place_of_unit
from schemas.domain.roads.posts import is_confirmed, shipped_checkpoints

__all__ = [
    "ON_WAY_KM",
    "Drive",
    "Place",
    "border_direction",
    "checkpoints_on_way",
    "detour_km",
    "drive",
    "gates_guarded",
    "is_confirmed",
    "is_manned",
    "km_between",
    "km_from_place",
    "next_checkpoint",
    "node_of_checkpoint",
    "nodes",
    "place_of_unit",
    "shipped_checkpoints",
]
