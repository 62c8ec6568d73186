"""Everybody who was at a place, or in a vehicle, within a period."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query, Request

from api.accounts.access import requires
from api.accounts.accounts import Account
from api.doors.doors import Doors, doors_of
from api.http.fields import Instant, Output, Until
from api.http.problems import FieldFault, invalid
from api.tracing.places import VEHICLE
from api.tracing.trace_request import PlaceIn, read_place

router = APIRouter(prefix="/traces", tags=["traces"])


class PresenceOut(Output):
    person_id: str
    place: str
    """The place itself, or a part of it."""
    presence_id: str
    source: str
    """scan, journey, site_declaration or report."""
    granularity: str
    began_at: datetime
    ended_at: datetime


class PlaceTrace(Output):
    """`people`: everybody who was there, also where not all presences are listed."""

    place: str
    people: int
    presences: list[PresenceOut]
    """In the order in which they came."""
    more: int
    """Presences beyond the limit, later than those listed."""


@router.get("/place")
async def trace_place(
    request: Request,
    account: Annotated[Account, requires("tracer")],
    since: Annotated[Instant, Query(alias="from")],
    until: Annotated[Until, Query(alias="to")],
    place: PlaceIn | None = None,
    plate: Annotated[str, Query(max_length=30)] = "",
    limit: Annotated[int, Query(ge=1, le=100_000)] = 10_000,
) -> PlaceTrace:
    """`place` as in the table `presences` (`post:binh-de`), its parts included (`site:market/stall-3`); or a vehicle's `plate`."""
    doors = doors_of(request)
    if bool(place) == bool(plate):
        raise invalid([FieldFault(field="place", reason="give either a place or a plate")])
    asked = read_place(place or VEHICLE + plate, doors.pseudonyms, "plate" if plate else "place")
    return await people_at(doors, asked, since, until, limit)


async def people_at(
    doors: Doors, asked: str, since: datetime, until: datetime, limit: int
) -> PlaceTrace:
    """`asked`: as the tables know it. Raises `Problem`."""
    if not since < until:
        raise invalid([FieldFault(field="to", reason="it does not lie after from")])
    rows = await doors.clickhouse.ask(
        "tracing/place", {"place": asked, "from": since, "to": until, "limit": limit}
    )
    people, found = (rows[0]["people"], rows[0]["found"]) if rows else (0, 0)
    return PlaceTrace(
        place=asked,
        people=people,
        presences=[PresenceOut(**row) for row in rows],
        more=found - len(rows),
    )
