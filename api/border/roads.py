"""The doors to posts and roads: which posts stand open, how far it is by road, and which post comes next on a journey (order 4655, 2b:
under congestion people go on to the next post, if there is one on their way)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query

from api.accounts.access import EVERY_ROLE, requires
from api.accounts.accounts import Account
from api.doors.doors import DoorsDep
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
    next_post,
    place_of_unit,
)

router = APIRouter(prefix="/reference", tags=["reference"])
At = Annotated[
    Instant | None, Query(description="The instant that is asked about; now, if left out.")
]
Precision = Literal["post", "commune", "district", "outside"]


class CheckpointOut(Output):
    """`manned`: somebody checks there at the instant. `shipped`: nobody has described this post here; it is the product's own, and
    `confirmed` says whether reports of 2021 name it. `on_roads`: it has a place in the road network."""

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
    """`precision`: a commune without a place of its own on the roads stands for the seat of its district, one outside the province for the
    nearest gate towards it."""

    code: str
    name: str
    precision: Precision


class DriveOut(Output):
    """`minutes` of ordinary driving without a stop. `estimated`: no source settles the length of some stretch."""

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
    """`detour_km`: how much longer the declared journey is by way of the post where the traveller stands. `next` is empty where no manned
    post lies ahead on the way: then this one has to check."""

    checkpoint_id: str
    at: datetime
    detour_km: float
    destination: EndOut
    next: NextPost | None


@dataclass(frozen=True, slots=True)
class End:
    said: EndOut
    nodes: tuple[str, ...]


@router.get("/checkpoints")
async def list_checkpoints(
    account: Annotated[Account, requires(*EVERY_ROLE)],
    doors: DoorsDep,
    at: At = None,
    manned: bool | None = None,
) -> CheckpointList:
    """Every post at an instant; with `manned`, only those where somebody checks then, or only the others."""
    known, instant = doors.reference.latest, at or datetime.now(UTC)
    shown = [_shown(post, known, instant) for post in known.checkpoints(instant)]
    return CheckpointList(
        at=instant,
        version=known.version,
        checkpoints=[one for one in shown if manned in (None, one.manned)],
    )


@router.get("/checkpoints/{checkpoint_id}/next")
async def find_next_checkpoint(
    account: Annotated[Account, requires(*EVERY_ROLE - {"declarant"})],
    doors: DoorsDep,
    checkpoint_id: Short,
    origin_code: PlaceCode,
    destination_code: PlaceCode,
    at: At = None,
) -> NextOut:
    """Where to send somebody who cannot be checked here: the next manned post on the way from here to the destination."""
    known, instant = doors.reference.latest, at or datetime.now(UTC)
    (here,), destination = _post(checkpoint_id, known, instant).nodes, _commune(destination_code)
    detour = detour_km(origin_code, destination_code, here)
    manned = _by_node(
        (post for post in known.checkpoints(instant) if is_manned(post, instant)), known, instant
    )
    found = next_post(here, destination.nodes, manned)
    return NextOut(
        checkpoint_id=checkpoint_id,
        at=instant,
        detour_km=detour or 0.0,
        destination=destination.said,
        next=_next(manned[found[0]], found[1]) if found else None,
    )


@router.get("/roads/distance")
async def measure_distance(
    account: Annotated[Account, requires(*EVERY_ROLE - {"declarant"})],
    doors: DoorsDep,
    start: Annotated[
        Short, Query(alias="from", description="A checkpoint id, or the code of a commune.")
    ],
    end: Annotated[Short, Query(alias="to", description="As `from`.")],
    at: At = None,
) -> DistanceOut:
    """By the shortest way on the roads that the network knows."""
    known, instant = doors.reference.latest, at or datetime.now(UTC)
    one, other = _end(start, known, instant), _end(end, known, instant)
    driven = drive(one.nodes, other.nodes)
    if driven is None:
        raise Problem(HTTPStatus.NOT_FOUND, "no-road", "no road of the network leads there")
    return DistanceOut(start=one.said, end=other.said, **_drive(driven))


def _end(code: str, known: ReferenceAsOf, at: datetime) -> End:
    return _commune(code) if unit(code) else _post(code, known, at)


def _commune(code: str) -> End:
    named, place = unit(code), place_of_unit(code)
    if named is None or place is None:
        raise Problem(
            HTTPStatus.NOT_FOUND,
            "no-place",
            f"{code} is no commune; a district or province is not one place on the roads",
        )
    return End(EndOut(code=code, name=named.name, precision=place.precision), place.chosen)


def _post(checkpoint_id: str, known: ReferenceAsOf, at: datetime) -> End:
    post, node = known.checkpoint(checkpoint_id, at), known.node_of_post(checkpoint_id, at)
    if post is None:
        raise Problem(
            HTTPStatus.NOT_FOUND,
            "unknown-checkpoint",
            f"no post is called {checkpoint_id} at that time",
        )
    if node is None:
        detail = "the post has no place in the road network: describe it with coordinates within 2 km of one of its nodes"
        raise Problem(HTTPStatus.NOT_FOUND, "no-place", detail)
    return End(EndOut(code=checkpoint_id, name=post.name, precision="post"), (node,))


def _by_node(
    posts: Iterable[CheckpointDescribed], known: ReferenceAsOf, at: datetime
) -> dict[str, CheckpointDescribed]:
    placed = ((known.node_of_post(post.checkpoint_id, at), post) for post in posts)
    return {node: post for node, post in placed if node is not None}


def _shown(post: CheckpointDescribed, known: ReferenceAsOf, at: datetime) -> CheckpointOut:
    shipped = not post.submitted_by
    derived: dict[str, Any] = {
        "manned": is_manned(post, at),
        "shipped": shipped,
        "confirmed": is_confirmed(post.checkpoint_id) if shipped else None,
        "on_roads": known.node_of_post(post.checkpoint_id, at) is not None,
    }
    said = {name: getattr(post, name) for name in CheckpointOut.model_fields if name not in derived}
    return CheckpointOut(**said, **derived)


def _next(post: CheckpointDescribed, driven: Drive) -> NextPost:
    return NextPost(
        checkpoint_id=post.checkpoint_id, name=post.name, road=post.road, **_drive(driven)
    )


def _drive(driven: Drive) -> dict[str, Any]:
    return {
        "km": driven.km,
        "minutes": driven.minutes,
        "estimated": driven.estimated,
        "roads": list(driven.roads),
    }
