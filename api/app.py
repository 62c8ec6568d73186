"""The doors as one application: routes, limits, problems, and what the routes need."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from typing import Any

from confluent_kafka import Message
from fastapi import APIRouter, Depends, FastAPI
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException

from api.accounts.access import refuse_undeclared
from api.accounts.accounts import Accounts
from api.backends.accepted import Accepted
from api.backends.batched_queries import BatchedQueries
from api.backends.broker import KafkaBroker
from api.backends.clickhouse import ReadSide
from api.backends.flag_stream import FlagStream
from api.backends.ids_in_use import IdsInUse
from api.backends.keys import Keys
from api.backends.replay_jobs import Replays
from api.backends.tables_watch import TablesWatch
from api.backends.verdicts import Verdicts
from api.backends.worker_process import WorkerProcess
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
from api.doors.services import Services
from api.handovers import (
    acknowledge,
    consequences,
    follow_up_tasks,
    follow_ups,
    issue,
    lists,
    reveals,
    show,
)
from api.handovers.watch import watch
from api.http.framework_errors import on_http
from api.http.incomplete import SaysIncomplete
from api.http.limits import BodyLimit, RateLimits
from api.http.problems import Problem, on_invalid, on_problem, on_unavailable, problems
from api.http.request_log import RequestLog
from api.people import flags, people
from api.records import cases, citizens, health_tests, orders, vaccinations
from api.reference import (
    checkpoints,
    exposure_rules,
    permits,
    policies,
    replays,
    revoked_certificates,
    signers,
    sources,
    version,
    zone_levels,
    zones,
)
from api.tracing import backward, forward, notice, path, place, presences
from infra.clickhouse.client import connect
from infra.clickhouse.migrate import refuse_newer
from infra.errors import Unavailable
from infra.kafka.epochs import adoption_of
from infra.kafka.follower import Follower
from infra.kafka.reference import ReferenceFollower
from infra.kafka.registry import Registry
from infra.settings import Settings
from schemas.contract.codec import Codec
from schemas.contract.topics import LOG_EPOCHS
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
    version.router,
    checkpoints.router,
    zone_levels.router,
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
    follow_up_tasks.router,
    reveals.router,
    health.router,
)
SUMMARY = "Movement control in an epidemic: declarations, checkpoint scans, vaccinations, traces."
PROBLEMS = problems(400, 401, 403, 404, 413, 415, 422, 429, 503)
MAX_START_S = 5.0
"""The doors open after so long, also where they could not read what was accepted last."""
Lifespan = Callable[[FastAPI], AbstractAsyncContextManager[None]]


def make_app(settings: Settings, lifespan: Lifespan | None = None) -> FastAPI:
    """Makes the application.

    `lifespan` puts the services at `app.state.services`: `real_doors` does, and tests have one with
    stand-ins. Without a lifespan the application can only be described.
    """
    app = FastAPI(
        title="dibiendong",
        version="0.1.0",
        summary=SUMMARY,
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
    app.add_middleware(SaysIncomplete)
    app.add_middleware(RequestLog)
    describe(app)
    return app


def api_routes() -> tuple[APIRoute, ...]:
    """Returns every route of the doors, in the order of `ROUTES`."""
    routes: list[APIRoute] = []
    for router in ROUTES:
        routes += [route for route in router.routes if isinstance(route, APIRoute)]
    return tuple(routes)


def _refuse_newer_tables(settings: Settings) -> None:
    """Looks at the tables if ClickHouse answers; without it the doors take posts all the same."""
    with suppress(Unavailable), connect(settings, "reader") as client:
        refuse_newer(client)


def real_doors(settings: Settings) -> Lifespan:
    """Returns the lifespan of the real doors.

    Raises `SetupError` for wrong tokens or keys, `MigrationError` for tables of newer code.
    """
    accounts = Accounts.read(settings)
    keys = Keys.read(settings)
    _refuse_newer_tables(settings)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        codec = Codec(Registry(settings))
        broker = KafkaBroker(settings, codec)
        services = _services(settings, accounts, keys, broker, codec)
        tables = TablesWatch.of(settings, services.clickhouse)
        app.state.services, app.state.tables = services, tables
        followers = _followers(services, codec)
        for follower in followers:
            follower.start()
        await asyncio.to_thread(services.accepted.wait, MAX_START_S)
        watching = asyncio.gather(
            watch(services), tables.watch(), services.accepted.reuses.report(broker)
        )
        try:
            yield
        finally:
            await end(watching)
            await services.replays.close()
            await services.tracer.close()
            for follower in followers:
                follower.stop()
            broker.close()
            tables.close()
            await services.clickhouse.close()

    return lifespan


async def end(watching: "asyncio.Future[Any]") -> None:
    """Cancels what runs beside the requests, and awaits that.

    asyncio would log a cancellation that is not awaited as an error, at each orderly end.
    """
    watching.cancel()
    with suppress(asyncio.CancelledError):
        await watching


def _services(
    settings: Settings, accounts: Accounts, keys: Keys, broker: KafkaBroker, codec: Codec
) -> Services:
    clickhouse = ReadSide(settings)
    accepted = Accepted(settings, codec)
    return Services(
        settings=settings,
        accounts=accounts,
        limits=RateLimits(settings),
        broker=broker,
        batches=Batches(broker, settings.data_dir),
        pseudonyms=Pseudonyms(settings.person_key.get_secret_value()),
        reference=ReferenceFollower(settings, codec, accepts_another_log=True),
        verdicts=Verdicts(settings, codec),
        flag_stream=FlagStream(settings, codec),
        clickhouse=clickhouse,
        batched_queries=BatchedQueries(clickhouse),
        tracer=WorkerProcess(settings, "api.tracing.worker", "the tracing process"),
        keys=keys,
        accepted=accepted,
        ids=IdsInUse(accepted, clickhouse),
        replays=Replays(settings),
    )


def _followers(services: Services, codec: Codec) -> list[Follower | ReferenceFollower]:
    """Returns what follows a topic; an adoption of a log gives reference data other versions."""
    reference = services.reference

    def read_anew(message: Message) -> None:
        if adoption_of(message.value(), codec) is not None:
            reference.begin_anew()

    adoptions = Follower(services.settings, LOG_EPOCHS, read_anew)
    return [
        reference,
        adoptions,
        services.verdicts.follower,
        services.flag_stream.follower,
        *services.accepted.followers,
    ]
