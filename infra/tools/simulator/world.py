"""A synthetic world: citizens, checkpoints, stays, what happens, and the truth about it."""

import csv
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

from infra.tools.simulator.citizens import Citizen
from infra.tools.simulator.day import Happening, Truth
from schemas.contract.events import CheckpointDescribed
from schemas.domain.roads import shipped_checkpoints

TRAFFIC = Path(__file__).with_name("traffic.csv")


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A checkpoint; `weight` says how busy it is, compared with the others."""

    described: CheckpointDescribed
    weight: int

    @property
    def checkpoint_id(self) -> str:
        return self.described.checkpoint_id


class Stay(NamedTuple):
    """A person, by personal number, at a place. A checkpoint is passed in a moment."""

    person: str
    place: str
    began: datetime
    ended: datetime


@dataclass(slots=True)
class Trust:
    """Signers, states of the trust list, and revoked certificates, as the doors get them."""

    signers: list[dict[str, Any]] = field(default_factory=list)
    lists: list[dict[str, Any]] = field(default_factory=list)
    revoked: list[dict[str, Any]] = field(default_factory=list)


@dataclass(slots=True)
class World:
    citizens: list[Citizen]
    """People of the register."""
    checkpoints: list[Checkpoint]
    happenings: list[Happening] = field(default_factory=list)
    doses: list[dict[str, Any]] = field(default_factory=list)
    permits: list[dict[str, Any]] = field(default_factory=list)
    """Permits of the green lane, known before the first day."""
    truth: Truth = field(default_factory=Truth)
    trust: Trust = field(default_factory=Trust)
    person_of_scan: dict[str, str] = field(default_factory=dict)
    """Scan id to the personal number of the person who was really there."""
    stays: list[Stay] = field(default_factory=list)
    """Where people really were: at checkpoints, and in vehicles."""

    @property
    def end(self) -> datetime:
        """Returns when the last stay ends."""
        return max(stay.ended for stay in self.stays)


def read_checkpoints() -> list[Checkpoint]:
    """Returns the shipped checkpoints of the province, each as busy as traffic.csv makes it."""
    shipped = shipped_checkpoints()
    with TRAFFIC.open(encoding="utf-8", newline="") as table:
        rows = list(csv.DictReader(table))
    return [Checkpoint(shipped[row["checkpoint_id"]], int(row["weight"])) for row in rows]
