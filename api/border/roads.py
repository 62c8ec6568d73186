"""The doors to checkpoints and roads.

They say which checkpoints are manned, how far it is by road, and which checkpoint comes next on a
journey. Order 4655, 2b: under congestion people go on to the next one, if one is on their way.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query

from api.accounts.access import EVERY_ROLE, requires
from api.accounts.accounts import Account
from api.doors.services import ServicesDep
from api.http.fields import Instant, Output, PlaceCode, Short
from api.http.problems import Problem
from schemas.contract.events import CheckpointDescribed
from schemas.contract.terms import Side
from schemas.domain.places import unit
from schemas.domain.reference import ReferenceAsOf
from schemas.domain.roads import (
    Drive,
    detour_km,
    drive,
    is_confirmed,
    is_manned,
    next_checkpoint,
    place_of_unit,
)

router = APIRouter(prefix="/reference", tags=["reference"])
At = Annotated[
    Instant | None, Query(description="The instant that is asked about; now, if left out.")
]
Precision = Literal["post", "commune", "district", "outside"]


class CheckpointOut(Output):
    """`manned`: somebody checks there at the instant. `shipped`: nobody has described this post
    here; it is the product's own, and `confirmed` says whether reports of 2021 name it. `on_roads`:
    it has a place in the road network."""

    checkpoint_id: str
    name: str
    unit_code: str
    road: str | None
    latitude: float | None
    longitude: float | None
    side: Side | None
    lanes: int | None
    opens_at: str | None
    closes_at: str | None
    valid_from: datetime
    valid_to: datetime | None
    manned: bool
    shipped: bool
    confirmed: bool | None
    on_roads: bool


class CheckpointList(Output):
    at: datetime
    version: int
    checkpoints: list[CheckpointOut]


class EndOut(Output):
    """`precision`: a commune without a place of its own on the roads stands for the seat of its
    district. A commune outside the province stands for the nearest gate towards it."""

    code: str
    name: str
    precision: Precision


class DriveOut(Output):
    """`minutes` of ordinary driving without a stop. `estimated`: no source settles the length of
    some stretch."""

    km: float
    minutes: float
    estimated: bool
    roads: list[str]


class DistanceOut(DriveOut):
    start: EndOut
    end: EndOut


class NextPost(DriveOut):
    checkpoint_id: str
    name: str
    road: str | None


class NextOut(Output):
    """`detour_km`: how much longer the declared journey is by way of the post where the traveller
    stands. `next` is empty where no manned post lies ahead on the way: then this one has to
    check."""

    checkpoint_id: str
    at: datetime
    detour_km: float
    destination: EndOut
    next: NextPost | None


@dataclass(frozen=True, slots=True)
class End:
    """One end of a drive, and the nodes of the road network that stand for it."""

    description: EndOut
    nodes: tuple[str, ...]


@router.get("/checkpoints")
async def list_checkpoints(
    account: Annotated[Account, requires(*EVERY_ROLE)],
    services: ServicesDep,
    at: At = None,
    manned: bool | None = None,
) -> CheckpointList:
    """Every post at an instant; with `manned`, only those where somebody checks then, or only the
    others."""
    known = services.reference.latest
    instant = at or datetime.now(UTC)
    every = [_described(checkpoint, known, instant) for checkpoint in known.checkpoints(instant)]
    selected = [checkpoint for checkpoint in every if manned in (None, checkpoint.manned)]
    return CheckpointList(at=instant, version=known.version, checkpoints=selected)


@router.get("/checkpoints/{checkpoint_id}/next")
async def find_next_checkpoint(
    account: Annotated[Account, requires(*EVERY_ROLE - {"declarant"})],
    services: ServicesDep,
    checkpoint_id: Short,
    origin_code: PlaceCode,
    destination_code: PlaceCode,
    at: At = None,
) -> NextOut:
    """The next manned post on the way from here to the destination, for somebody who cannot be
    checked here."""
    known = services.reference.latest
    instant = at or datetime.now(UTC)
    (here,) = _checkpoint(checkpoint_id, known, instant).nodes
    destination = _commune(destination_code)
    detour = detour_km(origin_code, destination_code, here)
    return NextOut(
        checkpoint_id=checkpoint_id,
        at=instant,
        detour_km=detour or 0.0,
        destination=destination.description,
        next=_next(here, destination, _manned_by_node(known, instant)),
    )


@router.get("/roads/distance")
async def measure_distance(
    account: Annotated[Account, requires(*EVERY_ROLE - {"declarant"})],
    services: ServicesDep,
    start: Annotated[
        Short, Query(alias="from", description="A checkpoint id, or the code of a commune.")
    ],
    end: Annotated[Short, Query(alias="to", description="As `from`.")],
    at: At = None,
) -> DistanceOut:
    """The distance by the shortest way on the roads that the network knows."""
    known = services.reference.latest
    instant = at or datetime.now(UTC)
    first = _end(start, known, instant)
    last = _end(end, known, instant)
    way = drive(first.nodes, last.nodes)
    if way is None:
        raise Problem(HTTPStatus.NOT_FOUND, "no-road", "no road of the network leads there")
    return DistanceOut(start=first.description, end=last.description, **_drive(way))


def _end(code: str, known: ReferenceAsOf, at: datetime) -> End:
    return _commune(code) if unit(code) else _checkpoint(code, known, at)


def _commune(code: str) -> End:
    named = unit(code)
    place = place_of_unit(code)
    if named is None or place is None:
        raise Problem(
            HTTPStatus.NOT_FOUND,
            "no-place",
            f"{code} is no commune; a district or province is not one place on the roads",
        )
    return End(EndOut(code=code, name=named.name, precision=place.precision), place.chosen)


def _checkpoint(checkpoint_id: str, known: ReferenceAsOf, at: datetime) -> End:
    checkpoint = known.checkpoint(checkpoint_id, at)
    if checkpoint is None:
        raise Problem(
            HTTPStatus.NOT_FOUND,
            "unknown-checkpoint",
            f"no post is called {checkpoint_id} at that time",
        )
    node = known.node_of_checkpoint(checkpoint_id, at)
    if node is None:
        detail = (
            "the post has no place in the road network: "
            "describe it with coordinates within 2 km of one of its nodes"
        )
        raise Problem(HTTPStatus.NOT_FOUND, "no-place", detail)
    return End(EndOut(code=checkpoint_id, name=checkpoint.name, precision="post"), (node,))


def _manned_by_node(known: ReferenceAsOf, at: datetime) -> dict[str, CheckpointDescribed]:
    """Returns the manned checkpoints that have a place in the road network, by their node."""
    manned = {}
    for checkpoint in known.checkpoints(at):
        node = known.node_of_checkpoint(checkpoint.checkpoint_id, at)
        if node is not None and is_manned(checkpoint, at):
            manned[node] = checkpoint
    return manned


def _next(
    here: str, destination: End, manned: Mapping[str, CheckpointDescribed]
) -> NextPost | None:
    following = next_checkpoint(here, destination.nodes, manned)
    if following is None:
        return None
    node, way = following
    checkpoint = manned[node]
    return NextPost(
        checkpoint_id=checkpoint.checkpoint_id,
        name=checkpoint.name,
        road=checkpoint.road,
        **_drive(way),
    )


def _described(
    checkpoint: CheckpointDescribed, known: ReferenceAsOf, at: datetime
) -> CheckpointOut:
    shipped = not checkpoint.submitted_by
    return CheckpointOut(
        checkpoint_id=checkpoint.checkpoint_id,
        name=checkpoint.name,
        unit_code=checkpoint.unit_code,
        road=checkpoint.road,
        latitude=checkpoint.latitude,
        longitude=checkpoint.longitude,
        side=checkpoint.side,
        lanes=checkpoint.lanes,
        opens_at=checkpoint.opens_at,
        closes_at=checkpoint.closes_at,
        valid_from=checkpoint.valid_from,
        valid_to=checkpoint.valid_to,
        manned=is_manned(checkpoint, at),
        shipped=shipped,
        confirmed=is_confirmed(checkpoint.checkpoint_id) if shipped else None,
        on_roads=known.node_of_checkpoint(checkpoint.checkpoint_id, at) is not None,
    )


def _drive(way: Drive) -> dict[str, Any]:
    return {
        "km": way.km,
        "minutes": way.minutes,
        "estimated": way.estimated,
        "roads": list(way.roads),
    }
