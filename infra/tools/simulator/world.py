"""A synthetic world: its citizens, posts and stays, what happens in it, and the truth about it."""

import csv
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

from infra.tools.simulator.citizens import Citizen
from infra.tools.simulator.day import Happening, Truth
from schemas.contract.events import CheckpointDescribed
from schemas.domain.roads import shipped_posts


@dataclass(frozen=True, slots=True)
class Post:
    """`weight`: how busy it is, beside the others."""

    described: CheckpointDescribed
    weight: int

    @property
    def checkpoint_id(self) -> str:
        return self.described.checkpoint_id


def read_posts() -> list[Post]:
    """The shipped posts of the province, each with how busy it is made to be here."""
    with Path(__file__).with_name("traffic.csv").open(encoding="utf-8", newline="") as table:
        return [
            Post(shipped_posts()[row["checkpoint_id"]], int(row["weight"]))
            for row in csv.DictReader(table)
        ]


class Stay(NamedTuple):
    """`person`: the personal number. A post is passed in a moment."""

    person: str
    place: str
    began: datetime
    ended: datetime


@dataclass(slots=True)
class Trust:
    """What the doors are told of health certificates: signers, states of the list, and revoked certificates."""

    signers: list[dict[str, Any]] = field(default_factory=list)
    lists: list[dict[str, Any]] = field(default_factory=list)
    revoked: list[dict[str, Any]] = field(default_factory=list)


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
    trust: Trust = field(default_factory=Trust)
    person_of_scan: dict[str, str] = field(default_factory=dict)
    """Scan id to the personal number of who was really there."""
    stays: list[Stay] = field(default_factory=list)
    """Who was really where: at posts, and in vehicles."""
