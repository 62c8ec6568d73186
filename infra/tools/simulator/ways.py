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
    """A post on the way; `after` the departure, driven without haste and without a stop."""

    post: str
    after: timedelta


class Ways:
    """Destinations such that some post lies on the way: by how busy the posts are, then any that goes by it."""

    def __init__(self, posts: Sequence[Post], homes: Sequence[str]) -> None:
        self._weights = {post.checkpoint_id: post.weight for post in posts}
        self._ends = (*homes, *ELSEWHERE.values())
        self._by_post, self._passings = cache(self._ends_by_post), cache(self._met)

    @property
    def posts(self) -> list[str]:
        return list(self._weights)

    def destination(self, rng: random.Random, origin: str) -> str:
        by_post = self._by_post(_chosen(origin))
        post = rng.choices(list(by_post), [self._weights[post] for post in by_post])[0]
        return rng.choice(by_post[post])

    def passings(self, origin: str, destination: str) -> list[Passing]:
        """In the order in which they are met."""
        return list(self._passings(_chosen(origin), _chosen(destination)))

    def _ends_by_post(self, origin: tuple[str, ...]) -> Mapping[str, list[str]]:
        ends: defaultdict[str, list[str]] = defaultdict(list)
        for end in self._ends:
            for passing in self._passings(origin, _chosen(end)):
                ends[passing.post].append(end)
        return ends

    def _met(self, origin: tuple[str, ...], destination: tuple[str, ...]) -> tuple[Passing, ...]:
        met = posts_on_way(origin, destination, self._weights)
        return tuple(Passing(post, timedelta(minutes=reached.minutes)) for post, reached in met)


def minutes_between(one: str, other: str) -> float:
    """From post to post, or from commune to commune."""
    driven = drive(_chosen(one), _chosen(other))
    return 0.0 if driven is None else driven.minutes


def _chosen(place: str) -> tuple[str, ...]:
    known = place_of_unit(place)
    return (place,) if known is None else known.chosen
