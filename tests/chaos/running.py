"""Runs a schedule on a stack and says how it ended."""

import random
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from clickhouse_connect.driver.exceptions import ClickHouseError

from infra.errors import InfraError
from infra.settings import Settings
from infra.stack import kafka
from infra.stack.free_ports import free_ports_for
from tests.chaos.checks import Red
from tests.chaos.proxy import Proxy
from tests.chaos.rig import Rig, start_patiently
from tests.chaos.schedules import Schedule
from tests.chaos.whole_disk import small_disk
from tests.running_stack import RunningStack

PATIENCE_S = 300.0
SETTINGS: dict[str, Any] = {
    "rate_limit_per_second": 1_000_000,
    "session_timeout_s": 6.0,
    "start_timeout_s": 240.0,
    "dead_letters_max": 2_000,
}
"""The session is short, so that a stopped process loses its partitions soon.

There is room for every kind of poison in every topic.
"""
AUTHORIZER = {
    "authorizer.class.name": "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
    "allow.everyone.if.no.acl.found": "true",
    "super.users": "User:broker",
}
"""Rights can be taken from clients, which are all anonymous; without any rule all is allowed."""
FIRST_WORLD, WORLDS = 100, 900


@dataclass(frozen=True, slots=True)
class Result:
    schedule: Schedule
    complaint: str
    """The complaint is empty when everything held."""
    events: int
    retried: int
    harm_s: float
    red: bool
    """A guarantee did not hold; otherwise a complaint is about the harness or the machine."""
    healed_s: float
    """Seconds from the end of the load and the harm until everything held."""


@dataclass(frozen=True, slots=True)
class Ground:
    """A stack, and the proxy before its broker's second listener."""

    stack: RunningStack
    side: Proxy | None = None


@contextmanager
def own_ground(disk: str = "") -> Iterator[Ground]:
    """Yields a stack, on a file system of its own where a size of one is named."""
    with TemporaryDirectory(prefix="chaos") as directory, small_disk(Path(directory), disk):
        room = {"disk_free_min_mb": 0} if disk else {}
        stack = RunningStack.plan(Path(directory), **SETTINGS, **room)
        with second_listener(stack.settings) as side:
            try:
                start_patiently(stack)
                yield Ground(stack, side)
            finally:
                stack.down()


@contextmanager
def second_listener(settings: Settings) -> Iterator[Proxy]:
    """Gives the broker a second listener whose advertised address is the proxy.

    A client that comes through the proxy never goes past it.
    """
    port = free_ports_for(settings.host)["kafka_port"]
    proxy, plain = Proxy(settings.host, port), kafka.properties

    own_port = settings.kafka_port

    def with_listener(settings: Settings) -> dict[str, object]:
        values = plain(settings)
        if settings.kafka_port != own_port:  # another stack's broker
            return values
        more = {"listeners": port, "advertised.listeners": proxy.port}
        for name, number in more.items():
            values[name] = f"{values[name]},SIDE://{settings.host}:{number}"
        values |= AUTHORIZER
        protocols = values["listener.security.protocol.map"]
        values["listener.security.protocol.map"] = f"{protocols},SIDE:PLAINTEXT,PLAINTEXT:PLAINTEXT"
        return values

    kafka.properties = with_listener
    try:
        yield proxy
    finally:
        kafka.properties = plain
        proxy.close()


def run(
    schedule: Schedule,
    ground: Ground,
    number: int,
    seed: int,
    *,
    minutes: float = 1.0,
    patience_s: float = PATIENCE_S,
) -> Result:
    rig = Rig.begin(
        ground.stack,
        FIRST_WORLD + number % WORLDS,
        random.Random(f"{seed} {schedule.name}"),
        ground.side,
    )
    rig.minutes = minutes
    red = False
    began, complaint, harm_s, healed_s = time.monotonic(), "", 0.0, 0.0
    try:
        schedule.run(rig)
        harm_s = time.monotonic() - began
        healed_s = rig.checks.hold(patience_s)
    except (AssertionError, InfraError, OSError, ClickHouseError) as fault:
        complaint, red = str(fault) or type(fault).__name__, isinstance(fault, Red)
    finally:
        rig.load.close()
    return Result(
        schedule, complaint, len(rig.world.events), rig.load.client.retried, harm_s, red, healed_s
    )
