"""The probes of the doors, and their metrics for Prometheus."""

from datetime import datetime
from http import HTTPStatus

import orjson
from fastapi import APIRouter, Depends, Request
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.responses import Response

from api.accounts.access import open_to_anyone
from api.backends.tables_watch import TablesWatch
from api.doors.services import ServicesDep
from api.http.fields import Output

router = APIRouter(tags=["health"])
OPEN = [Depends(open_to_anyone)]
"""Probes and Prometheus have no token."""


class Tables(Output):
    """Whether the tables hold everything that was in them before; lag is no loss."""

    complete: bool | None
    """Null while this door cannot say yet."""
    since: datetime | None = None
    """When this door first saw that they are incomplete."""
    records_left: int = 0

    @classmethod
    def of(cls, watch: TablesWatch | None) -> "Tables":
        if watch is None or not watch.has_looked:
            return cls(complete=None)
        if watch.refill is None:
            return cls(complete=True)
        return cls(complete=False, since=watch.refill.since, records_left=watch.refill.records_left)


class Readiness(Output):
    """Whether each part is ready. The door takes posts without ClickHouse, and refuses reads."""

    broker: bool
    reference: bool
    verdicts: bool
    flags: bool
    clickhouse: bool
    open: bool
    """False once this door was told to end. It serves on until its proxy has noticed."""
    tables: Tables
    """Reads are incomplete while the tables fill again after a loss; posts are taken."""

    @property
    def takes_posts(self) -> bool:
        return self.open and self.broker and self.reference and self.verdicts and self.flags


@router.get("/livez", response_class=Response, dependencies=OPEN)
async def livez() -> Response:
    """Whether the process answers at all."""
    return Response("live\n", media_type="text/plain")


@router.get(
    "/readyz", response_model=Readiness, responses={503: {"model": Readiness}}, dependencies=OPEN
)
async def readyz(request: Request, services: ServicesDep) -> Response:
    """Whether this door takes posts: the broker takes them, and what the door follows is read.
    503 while not. It stays ready while only ClickHouse is away: reads answer 503 then."""
    readiness = Readiness(
        broker=services.broker.takes_posts,
        reference=services.reference.ready,
        verdicts=services.verdicts.follower.ready,
        flags=services.flag_stream.follower.ready,
        clickhouse=await services.clickhouse.alive(),
        tables=Tables.of(getattr(request.app.state, "tables", None)),
        open=not getattr(request.app.state, "is_draining", False),
    )
    status = HTTPStatus.OK if readiness.takes_posts else HTTPStatus.SERVICE_UNAVAILABLE
    body = orjson.dumps(readiness.model_dump())
    return Response(body, status, media_type="application/json")


@router.get("/metrics", response_class=Response, dependencies=OPEN)
async def metrics() -> Response:
    """The metrics of this process, for Prometheus."""
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)
