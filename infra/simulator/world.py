"""A synthetic world: its citizens, posts and stays, what happens in it, and the truth about it."""

import csv
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

from infra.simulator.citizens import Citizen
from infra.simulator.day import Happening, Truth


@dataclass(frozen=True, slots=True)
class Post:
    checkpoint_id: str
    name: str
    unit_code: str
    road: str
    confirmed: bool
    weight: int


def read_posts() -> list[Post]:
    """The province's posts of 2021 as far as they are known; `confirmed` says which were found in reports of the time."""
    with Path(__file__).with_name("posts.csv").open(encoding="utf-8", newline="") as table:
        return [
            Post(row["checkpoint_id"], row["name"], row["unit_code"], row["road"], row["confirmed"] == "yes", int(row["weight"]))
            for row in csv.DictReader(table)
        ]


class Stay(NamedTuple):
    """`person`: the personal number. A post is passed in a moment."""

    person: str
    place: str
    began: datetime
    ended: datetime


@dataclass(slots=True)
class World:
    citizens: list[Citizen]
    """Those of the register."""
    posts: list[Post]
    happenings: list[Happening] = field(default_factory=list)
    doses: list[dict[str, Any]] = field(default_factory=list)
    permits: list[dict[str, Any]] = field(default_factory=list)
    """Of the green lane, known before the first day."""
    truth: Truth = field(default_factory=Truth)
    person_of_scan: dict[str, str] = field(default_factory=dict)
    """Scan id to the personal number of who was really there."""
    stays: list[Stay] = field(default_factory=list)
    """Who was really where: at posts, and in vehicles."""
