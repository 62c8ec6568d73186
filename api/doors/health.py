"""The probes of the doors, and their metrics for Prometheus."""

from http import HTTPStatus

import orjson
from fastapi import APIRouter, Depends
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.responses import Response

from api.accounts.access import open_to_anyone
from api.doors.services import ServicesDep
from api.http.fields import Output

router = APIRouter(tags=["health"])
OPEN = [Depends(open_to_anyone)]
"""Probes and Prometheus have no token."""


class Readiness(Output):
    """Whether each part is ready. The door takes posts without ClickHouse, and refuses reads."""

    broker: bool
    reference: bool
    verdicts: bool
    flags: bool
    clickhouse: bool

    @property
    def takes_posts(self) -> bool:
        return self.broker and self.reference and self.verdicts and self.flags


@router.get("/livez", response_class=Response, dependencies=OPEN)
async def livez() -> Response:
    """Whether the process answers at all."""
    return Response("live\n", media_type="text/plain")


@router.get(
    "/readyz", response_model=Readiness, responses={503: {"model": Readiness}}, dependencies=OPEN
)
async def readyz(services: ServicesDep) -> Response:
    """Whether this door takes posts: the broker takes them, and what the door follows is read.
    503 while not. It stays ready while only ClickHouse is away: reads answer 503 then."""
    readiness = Readiness(
        broker=services.broker.takes_posts,
        reference=services.reference.ready,
        verdicts=services.verdicts.follower.ready,
        flags=services.flag_stream.follower.ready,
        clickhouse=await services.clickhouse.alive(),
    )
    status = HTTPStatus.OK if readiness.takes_posts else HTTPStatus.SERVICE_UNAVAILABLE
    body = orjson.dumps(readiness.model_dump())
    return Response(body, status, media_type="application/json")


@router.get("/metrics", response_class=Response, dependencies=OPEN)
async def metrics() -> Response:
    """The metrics of this process, for Prometheus."""
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)
