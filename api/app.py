"""The doors, put together: routes, limits, problems, and what they need."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

from fastapi import APIRouter, Depends, FastAPI
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException

from api import traces
from api.accounts.access import refuse_undeclared
from api.accounts.accounts import Accounts
from api.backends.batched_queries import Together
from api.backends.broker import KafkaBroker
from api.backends.clickhouse import ReadSide
from api.backends.flag_stream import FlagStream
from api.backends.keys import Keys
from api.backends.replay_jobs import Replays
from api.backends.verdicts import Verdicts
from api.border import (
    cancellations,
    declaration_codes,
    declarations,
    overrides,
    roads,
    scans,
    verdicts,
)
from api.description import describe
from api.doors import health
from api.doors.batches import Batches
from api.doors.doors import Doors, Recent
from api.handovers import acknowledge, consequences, follow_ups, issue, lists, reveals, show
from api.handovers.watch import watch
from api.http.framework_errors import on_http
from api.http.limits import BodyLimit, RateLimits
from api.http.problems import Problem, on_invalid, on_problem, on_unavailable, problems
from api.http.request_log import RequestLog
from api.people import flags, people
from api.records import cases, citizens, health_tests, orders, vaccinations
from api.reference import (
    exposure_rules,
    permits,
    policies,
    reference,
    replays,
    revoked_certificates,
    signers,
    sources,
    zones,
)
from api.tracing import backward, forward, notice, path, place, presences
from infra.errors import Unavailable
from infra.kafka.reference import ReferenceFollower
from infra.kafka.registry import Registry
from infra.settings import Settings
from schemas.contract.codec import Codec
from schemas.domain.pseudonyms import Pseudonyms

ROUTES: tuple[APIRouter, ...] = (
    declarations.router,
    declaration_codes.router,
    cancellations.router,
    scans.router,
    verdicts.router,
    overrides.router,
    vaccinations.router,
    cases.router,
    orders.router,
    presences.router,
    health_tests.router,
    citizens.router,
    reference.router,
    zones.router,
    permits.router,
    policies.router,
    replays.router,
    roads.router,
    exposure_rules.router,
    signers.router,
    sources.router,
    revoked_certificates.router,
    people.router,
    flags.router,
    traces.router,
    forward.router,
    backward.router,
    place.router,
    path.router,
    notice.router,
    issue.router,
    lists.router,
    show.router,
    acknowledge.router,
    consequences.router,
    follow_ups.router,
    reveals.router,
    health.router,
)
PROBLEMS = problems(400, 401, 403, 404, 413, 415, 422, 429, 503)
ISSUED_REMEMBERED = 100_000
Lifespan = Callable[[FastAPI], AbstractAsyncContextManager[None]]


def make_app(settings: Settings, lifespan: Lifespan | None = None) -> FastAPI:
    """`lifespan` puts the doors at `app.state.doors`: `real_doors`; tests give one with stand-ins. Without one it can only be described."""
    app = FastAPI(
        title="dibiendong",
        version="0.1.0",
        summary="Movement control in an epidemic: declarations, checkpoint scans, vaccinations, traces.",
        lifespan=lifespan,
        dependencies=[Depends(refuse_undeclared)],
        responses=PROBLEMS,
    )
    for router in ROUTES:
        app.include_router(router)
    app.state.api_routes = api_routes()
    app.add_exception_handler(Problem, on_problem)
    app.add_exception_handler(Unavailable, on_unavailable)
    app.add_exception_handler(RequestValidationError, on_invalid)
    app.add_exception_handler(HTTPException, on_http)
    app.add_middleware(BodyLimit, settings=settings)
    app.add_middleware(RequestLog)
    describe(app)
    return app


def api_routes() -> tuple[APIRoute, ...]:
    """Returns every route of the doors, in the order of `ROUTES`."""
    routes: list[APIRoute] = []
    for router in ROUTES:
        routes += [route for route in router.routes if isinstance(route, APIRoute)]
    return tuple(routes)


def real_doors(settings: Settings) -> Lifespan:
    """Raises `SetupError` where the tokens or the keys are wrong."""
    accounts, keys = Accounts.read(settings), Keys.read(settings)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        codec = Codec(Registry(settings))
        broker = KafkaBroker(settings, codec)
        verdicts, flag_stream = Verdicts(settings, codec), FlagStream(settings, codec)
        known, clickhouse = ReferenceFollower(settings, codec), ReadSide(settings)
        app.state.doors = Doors(
            settings=settings,
            accounts=accounts,
            limits=RateLimits(settings),
            broker=broker,
            batches=Batches(broker, settings.data_dir),
            pseudonyms=Pseudonyms(settings.person_key.get_secret_value()),
            reference=known,
            verdicts=verdicts,
            flag_stream=flag_stream,
            clickhouse=clickhouse,
            together=Together(clickhouse),
            keys=keys,
            issued=Recent(ISSUED_REMEMBERED),
            scanned=Recent(ISSUED_REMEMBERED),
            reported=Recent(ISSUED_REMEMBERED),
            ended=Recent(ISSUED_REMEMBERED),
            replays=Replays(settings),
        )
        followers = (known, verdicts.follower, flag_stream.follower)
        for follower in followers:
            follower.start()
        watching = asyncio.create_task(watch(app.state.doors))
        try:
            yield
        finally:
            watching.cancel()
            await app.state.doors.replays.close()
            for follower in followers:
                follower.stop()
            broker.close()
            await clickhouse.close()

    return lifespan
