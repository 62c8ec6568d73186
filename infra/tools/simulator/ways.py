"""Where people travel, and which posts they pass on the way, by the roads of the province."""

import random
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import timedelta
from functools import cache
from typing import NamedTuple

from infra.tools.simulator.world import Post
from schemas.domain.roads import drive, place_of_unit, posts_on_way

ELSEWHERE = {"Đà Nẵng": "20194", "Quy Nhơn": "21550", "Kon Tum": "23281"}
"""One commune in each direction that leads out of the province."""


class Passing(NamedTuple):
    """A post on the way, passed so long after departure, driven without haste and a stop."""

    post: str
    after: timedelta


class Ways:
    """Chooses destinations such that a post lies on the way.

    First it draws a post, by how busy the posts are, then any destination that goes by it.
    """

    def __init__(self, posts: Sequence[Post], homes: Sequence[str]) -> None:
        self._weights = {post.checkpoint_id: post.weight for post in posts}
        self._destinations = (*homes, *ELSEWHERE.values())
        self._by_post = cache(self._destinations_by_post)
        self._passings = cache(self._posts_passed)

    @property
    def posts(self) -> list[str]:
        return list(self._weights)

    def destination(self, rng: random.Random, origin: str) -> str:
        by_post = self._by_post(_road_points(origin))
        post = rng.choices(list(by_post), [self._weights[post] for post in by_post])[0]
        return rng.choice(by_post[post])

    def passings(self, origin: str, destination: str) -> list[Passing]:
        """Returns the posts in the order in which the traveller meets them."""
        return list(self._passings(_road_points(origin), _road_points(destination)))

    def _destinations_by_post(self, origin: tuple[str, ...]) -> Mapping[str, list[str]]:
        found: defaultdict[str, list[str]] = defaultdict(list)
        for destination in self._destinations:
            for passing in self._passings(origin, _road_points(destination)):
                found[passing.post].append(destination)
        return found

    def _posts_passed(
        self, origin: tuple[str, ...], destination: tuple[str, ...]
    ) -> tuple[Passing, ...]:
        posts = posts_on_way(origin, destination, self._weights)
        return tuple(Passing(post, timedelta(minutes=leg.minutes)) for post, leg in posts)


def minutes_between(start: str, end: str) -> float:
    """Returns the time from post to post, or from commune to commune."""
    driven = drive(_road_points(start), _road_points(end))
    return 0.0 if driven is None else driven.minutes


def _road_points(place: str) -> tuple[str, ...]:
    """Returns the points of the road map that stand for a commune, or for a post itself."""
    known = place_of_unit(place)
    return (place,) if known is None else known.chosen
