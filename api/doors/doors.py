"""What every door needs, made once: broker, pseudonyms, reference data, verdicts, read side, keys."""

from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Generic, TypeVar

from fastapi import Depends, Request

from api.accounts.accounts import Accounts
from api.backends.batched_queries import Together
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


class Recent(Generic[V]):
    """The last so many values, by key."""

    def __init__(self, most: int) -> None:
        self._most, self._values = most, OrderedDict[str, V]()

    def keep(self, key: str, value: V) -> None:
        self._values[key] = value
        self._values.move_to_end(key)
        while len(self._values) > self._most:
            self._values.popitem(last=False)

    def forget(self, key: str) -> None:
        self._values.pop(key, None)

    def get(self, key: str) -> V | None:
        return self._values.get(key)


@dataclass(frozen=True, slots=True)
class Doors:
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
    together: Together
    """The same, for traces."""
    keys: Keys
    issued: Recent[tuple[str, datetime]]
    """Document key and time of declarations just accepted, until ClickHouse has them."""
    scanned: Recent[str]
    """Document keys of scans just accepted, by the scan's id."""
    reported: Recent[str]
    """Events of cases just reported, by case, until ClickHouse has them."""
    ended: Recent[datetime]
    """Declarations just cancelled or replaced, and since when they count no longer, likewise."""
    replays: Replays


def doors_of(request: Request) -> Doors:
    doors: Doors = request.app.state.doors
    return doors


async def _doors(request: Request) -> Doors:
    return doors_of(request)


DoorsDep = Annotated[Doors, Depends(_doors)]
"""The doors, as a route takes them in its signature. FastAPI would run a plain function on a thread."""
