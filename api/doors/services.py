"""Everything that a route needs: the broker, ClickHouse, the keys; built once per process."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, TypeVar

from cachetools import FIFOCache
from fastapi import Depends, Request

from api.accounts.accounts import Accounts
from api.backends.batched_queries import BatchedQueries
from api.backends.broker import Broker
from api.backends.clickhouse import ReadSide
from api.backends.flag_stream import FlagStream
from api.backends.keys import Keys
from api.backends.replay_jobs import Replays
from api.backends.verdicts import Verdicts
from api.doors.batches import Batches
from api.http.limits import RateLimits
from infra.kafka.reference import ReferenceFollower
from infra.settings import Settings
from schemas.domain.pseudonyms import Pseudonyms

V = TypeVar("V")


class Recent(FIFOCache[str, V]):
    """The values kept last, by key; beyond the size given the oldest is dropped."""

    def keep(self, key: str, value: V) -> None:
        """Keeps a value as the newest, also where its key was kept before."""
        self[key] = value

    def forget(self, key: str) -> None:
        self.pop(key, None)


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
    """Queries of traces; `clickhouse` gets those of several traces as one."""
    keys: Keys
    issued: Recent[tuple[str, datetime]]
    """Document key and time of the last declarations accepted here; ClickHouse gets them later."""
    scanned: Recent[str]
    """Document keys of scans just accepted, by the scan's id."""
    reported: Recent[str]
    """Events of the last cases reported here, by case; ClickHouse gets them later."""
    ended: Recent[datetime]
    """Declarations just cancelled or replaced, and since when they count no longer, until
    ClickHouse has them."""
    replays: Replays


async def services_of(request: Request) -> Services:
    """Returns the services of this process. FastAPI would run a plain function on a thread."""
    services: Services = request.app.state.services
    return services


ServicesDep = Annotated[Services, Depends(services_of)]
"""The services, as a route takes them in its signature."""
