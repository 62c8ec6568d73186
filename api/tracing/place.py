"""Everybody who was at a place, or in a vehicle, within a period."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from api.accounts.access import requires
from api.accounts.accounts import Account
from api.doors.services import Services, ServicesDep
from api.http.fields import Instant, Output, Until
from api.http.problems import FieldFault, invalid, too_costly
from api.tracing.places import VEHICLE
from api.tracing.trace_request import PlaceIn, known_place_of
from api.tracing.trace_services import TraceServices, known_rules
from infra.errors import TooCostly

router = APIRouter(prefix="/traces", tags=["traces"])


class PresenceOut(Output):
    person_id: str
    place: str
    """The place of the trace itself, or a part of it."""
    presence_id: str
    source: str
    """Kind of fact: scan, journey, site_declaration or report."""
    granularity: str
    began_at: datetime
    ended_at: datetime


class PlaceTrace(Output):
    """`people` counts everybody who was there, also where not all presences are listed."""

    place: str
    people: int
    presences: list[PresenceOut]
    """Presences in the order in which they began."""
    more: int
    """Number of presences beyond the limit, later than those listed."""


@router.get("/place", response_model=PlaceTrace)
async def trace_place(
    account: Annotated[Account, requires("tracer")],
    services: ServicesDep,
    since: Annotated[Instant, Query(alias="from")],
    until: Annotated[Until, Query(alias="to")],
    place: PlaceIn | None = None,
    plate: Annotated[str, Query(max_length=30)] = "",
    limit: Annotated[int, Query(ge=1, le=100_000)] = 10_000,
) -> Response:
    """Lists the people at a `place`, or in the vehicle with a `plate`.

    The place is as in the table `presences` (`post:binh-de`), its parts included
    (`site:market/stall-3`).
    """
    if bool(place) == bool(plate):
        raise invalid([FieldFault(field="place", reason="give either a place or a plate")])
    field = "plate" if plate else "place"
    known_place = known_place_of(place or VEHICLE + plate, services.pseudonyms, field)
    encoded = await _encoded(services, known_place, since, until, limit)
    return Response(encoded, media_type="application/json")


async def people_at(
    services: Services, place: str, since: datetime, until: datetime, limit: int
) -> PlaceTrace:
    """Lists the people at a place as the tables know it. Raises `Problem`."""
    encoded = await _encoded(services, place, since, until, limit)
    return PlaceTrace.model_validate_json(encoded)


async def _encoded(
    services: Services, place: str, since: datetime, until: datetime, limit: int
) -> bytes:
    if not since < until:
        raise invalid([FieldFault(field="to", reason="it does not lie after from")])
    rules = known_rules(services)
    encoded: bytes = await services.tracer.call("place", rules, place, since, until, limit)
    return encoded


async def place_answer(
    services: TraceServices, place: str, since: datetime, until: datetime, limit: int
) -> PlaceTrace:
    """Computes the trace, in the process that traces."""
    parameters = {"place": place, "from": since, "to": until, "limit": limit}
    try:
        rows = await services.clickhouse.ask("tracing/place", parameters)
    except TooCostly:
        raise too_costly(place) from None
    if not rows:
        return PlaceTrace(place=place, people=0, presences=[], more=0)
    return PlaceTrace(
        place=place,
        people=rows[0]["people"],
        presences=[PresenceOut(**row) for row in rows],
        more=rows[0]["found"] - len(rows),
    )
