"""Where people travel, and which checkpoints they pass on the way, by the roads of the province."""

import random
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import timedelta
from functools import cache
from typing import NamedTuple

from infra.tools.simulator.world import Checkpoint
from schemas.domain.roads import checkpoints_on_way, drive, place_of_unit

ELSEWHERE = {"Đà Nẵng": "20194", "Quy Nhơn": "21550", "Kon Tum": "23281"}
"""One commune in each direction that leads out of the province."""


class Passing(NamedTuple):
    """A checkpoint on the way, and the time from the departure, driven without haste and a stop."""

    checkpoint: str
    after: timedelta


class Ways:
    """Chooses destinations such that a checkpoint lies on the way.

    First it draws a checkpoint, a busy one more often, then any destination that goes by it.
    """

    def __init__(self, checkpoints: Sequence[Checkpoint], homes: Sequence[str]) -> None:
        self._weights = {checkpoint.checkpoint_id: checkpoint.weight for checkpoint in checkpoints}
        self._destinations = (*homes, *ELSEWHERE.values())
        self._by_checkpoint = cache(self._destinations_by_checkpoint)
        self._passings = cache(self._checkpoints_passed)

    @property
    def checkpoints(self) -> list[str]:
        return list(self._weights)

    def destination(self, rng: random.Random, origin: str) -> str:
        by_checkpoint = self._by_checkpoint(_road_points(origin))
        checkpoint = rng.choices(
            list(by_checkpoint), [self._weights[checkpoint] for checkpoint in by_checkpoint]
        )[0]
        return rng.choice(by_checkpoint[checkpoint])

    def passings(self, origin: str, destination: str) -> list[Passing]:
        """Returns the checkpoints in the order in which the traveller meets them."""
        return list(self._passings(_road_points(origin), _road_points(destination)))

    def _destinations_by_checkpoint(self, origin: tuple[str, ...]) -> Mapping[str, list[str]]:
        found: defaultdict[str, list[str]] = defaultdict(list)
        for destination in self._destinations:
            for passing in self._passings(origin, _road_points(destination)):
                found[passing.checkpoint].append(destination)
        return found

    def _checkpoints_passed(
        self, origin: tuple[str, ...], destination: tuple[str, ...]
    ) -> tuple[Passing, ...]:
        checkpoints = checkpoints_on_way(origin, destination, self._weights)
        return tuple(
            Passing(checkpoint, timedelta(minutes=leg.minutes)) for checkpoint, leg in checkpoints
        )


def minutes_between(start: str, end: str) -> float:
    """Returns the time from checkpoint to checkpoint, or from commune to commune."""
    driven = drive(_road_points(start), _road_points(end))
    return 0.0 if driven is None else driven.minutes


def _road_points(place: str) -> tuple[str, ...]:
    """Returns the points of the road map that stand for a commune, or for a checkpoint itself."""
    known = place_of_unit(place)
    return (place,) if known is None else known.chosen
