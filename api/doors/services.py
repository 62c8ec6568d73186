"""Everything that a route needs: the broker, ClickHouse, the keys; built once per process."""

import asyncio
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request

from api.accounts.accounts import Accounts
from api.backends.accepted import Accepted
from api.backends.batched_queries import BatchedQueries
from api.backends.broker import Broker
from api.backends.clickhouse import ReadSide
from api.backends.flag_stream import FlagStream
from api.backends.ids_in_use import IdsInUse
from api.backends.keys import Keys
from api.backends.replay_jobs import Replays
from api.backends.verdicts import Verdicts
from api.backends.worker_process import Worker
from api.doors.batches import Batches
from api.http.limits import RateLimits
from infra.errors import Unavailable
from infra.kafka.reference import ReferenceFollower
from infra.settings import Settings
from schemas.domain.pseudonyms import Pseudonyms


@dataclass(frozen=True, slots=True)
class Services:
    settings: Settings
    accounts: Accounts
    limits: RateLimits
    broker: Broker
    batches: Batches
    pseudonyms: Pseudonyms
    reference: ReferenceFollower
    verdicts: Verdicts
    flag_stream: FlagStream
    clickhouse: ReadSide
    batched_queries: BatchedQueries
    """Queries of hand-overs about many people; `clickhouse` gets several of them as one."""
    tracer: Worker
    """Traces, in a process of their own: no scan waits for one."""
    keys: Keys
    accepted: Accepted
    """What any door accepted just now; ClickHouse gets it later."""
    ids: IdsInUse
    replays: Replays

    async def read_reference_to_end(self) -> None:
        """Returns when this process knows every fact that any door has accepted before.

        Raises `Unavailable` if it does not in bounded time.
        """
        timeout_s = self.settings.request_timeout_s
        if not await asyncio.to_thread(self.reference.reads_to_end, timeout_s):
            raise Unavailable("kafka", "the reference data is not read to its end")


async def services_of(request: Request) -> Services:
    """Returns the services of this process. FastAPI would run a plain function on a thread."""
    services: Services = request.app.state.services
    return services


ServicesDep = Annotated[Services, Depends(services_of)]
"""The services, as a route takes them in its signature."""
