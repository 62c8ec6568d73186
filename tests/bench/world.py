"""Fills the worlds that traces are measured in straight into ClickHouse.

Everybody has 25 presences a year, crowded hubs included. `province/` holds a file for each kind of
fact. Scans and journeys go through their own tables, whose views write the presences and the
timelines; so no presence is there twice. Those tables themselves keep nothing: neither traces nor
timelines read them.
"""

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from clickhouse_connect.driver.client import Client

from tests.waiting import wait_until

MONTHS = 12
SINCE = datetime(2021, 8, 10, tzinfo=UTC)
UNTIL = SINCE + timedelta(days=7)
FUNCTIONS = ("pseudonym", "moment")
MOVEMENTS = {"stays": 0.65, "scans": 0.15, "journeys": 0.20}
"""Movements with their shares of the presences; they are filled month by month.

So memory stays bounded.
"""
AT_A_TIME = 2
"""So many inserts run together, for each has parts that one core does alone."""
REST = ("verdicts", "flags", "doses", "register", "households")
FLAGGED_ONE_OF = 20
"""One scan of so many is flagged."""
BESIDE = ("scans", "declarations", "declarations_by_id")
PRESENCES = ("presences", "presences_by_place")
FILL_S, SETTLE_S = 900.0, 900.0
CALM = 3
"""So many seconds pass without a merge."""


@dataclass(frozen=True, slots=True)
class World:
    presences: int
    people: int
    sites: int
    posts: int
    hubs: int


def in_proportion(presences: int) -> World:
    """Returns a larger country, not a fuller room: everybody meets as many others at any size.

    The size has whole steps of 5 million presences.
    """
    steps = presences // 5_000_000
    return World(presences, people=200_000 * steps, sites=600 * steps, posts=3 * steps, hubs=steps)


def fill(client: Client, world: World) -> float:
    """Fills all that traces and timelines read, and returns the seconds taken.

    Merges wait until then: they would take the inserts' cores, and come anyway.
    """
    for table in BESIDE:
        client.command(text_of("nowhere"), parameters={"table": table})
    client.command("SYSTEM STOP MERGES")
    begun = time.perf_counter()
    _fill_movements(client, world)
    for name in REST:
        _fill(client, name, world, flagged_one_of=FLAGGED_ONE_OF)
    taken = time.perf_counter() - begun
    client.command("SYSTEM START MERGES")
    return taken


def fill_presences(client: Client, world: World) -> float:
    """Fills only what forward traces read, so that a large world has room.

    That is the presences and the register. Returns the seconds taken.
    """
    for table in (*BESIDE, "timeline"):
        client.command(text_of("nowhere"), parameters={"table": table})
    for table in PRESENCES:
        client.command(text_of("briefly"), parameters={"table": table})
    begun = time.perf_counter()
    _fill_movements(client, world)
    _fill(client, "register", world)
    return time.perf_counter() - begun


def settle(client: Client) -> float:
    """Waits until no merge is under way or begins, for merges take a core.

    Returns the seconds taken.
    """
    begun, calm = time.perf_counter(), 0

    def ended() -> bool:
        nonlocal calm
        # A table that found no room beside others' merges looks again at once, not after 30 s.
        client.command("SYSTEM START MERGES")
        calm = calm + 1 if client.command("SELECT count() = 0 FROM system.merges") else 0
        return calm == CALM

    wait_until(ended, SETTLE_S, what="merges to end", poll_s=1)
    return time.perf_counter() - begun


def people_about(client: Client, count: int) -> list[str]:
    """Returns people who were somewhere in the week, at random."""
    return _drawn(client, "people_about", count)


def people_scanned(client: Client, count: int) -> list[str]:
    """Returns people who passed a checkpoint in the week, at random."""
    return _drawn(client, "people_scanned", count)


def cases_known(client: Client, count: int, clusters: int) -> list[str]:
    """Makes outbreaks at so many sites, and returns some of the cases."""
    client.command(text_of("province/outbreak"), parameters={"since": SINCE, "clusters": clusters})
    return _drawn(client, "cases_known", count)


def text_of(name: str) -> str:
    return (Path(__file__).parent / f"{name}.sql").read_text(encoding="utf-8")


def _fill_movements(client: Client, world: World) -> None:
    for name in FUNCTIONS:
        client.command(text_of(f"province/{name}"))
    with ThreadPoolExecutor(AT_A_TIME) as hands:
        fills = []
        for month in range(MONTHS):
            fills += [hands.submit(_fill_month, client, name, month, world) for name in MOVEMENTS]
        for filling in fills:
            filling.result()


def _fill_month(client: Client, name: str, month: int, world: World) -> None:
    rows = int(world.presences * MOVEMENTS[name]) // MONTHS
    _fill(client, name, world, month=month, first=month * rows, rows=rows)


def _fill(client: Client, name: str, world: World, **more: int) -> None:
    client.command(text_of(f"province/{name}"), parameters={**asdict(world), **more})


def _drawn(client: Client, name: str, count: int) -> list[str]:
    return [
        row[0]
        for row in client.query(
            text_of(name), parameters={"since": SINCE, "until": UNTIL, "count": count}
        ).result_rows
    ]
