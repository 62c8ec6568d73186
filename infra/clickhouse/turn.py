"""Lets one process migrate at a time, on however many machines `migrate` is started.

ClickHouse has no locks, so turns stand in a table. Guarantees: of those who want the next turn one
gets it; a holder that was killed is succeeded within `EXPIRES_S`; one that was only slow notices.
"""

import os
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

import structlog
from clickhouse_connect.driver.client import Client

from infra.clickhouse.client import AWAY, connect
from infra.errors import MigrationError, Unavailable
from infra.settings import Settings

BEAT_S = 5.0
"""The holder of the turn writes a row this often."""
EXPIRES_S = 30.0
"""A holder that has written nothing for this long has lost its turn."""
MAX_WAIT_S = 600.0
"""Longest time to wait for another's turn to end."""
LOOK_EVERY_S = 0.5
TURNS = """
CREATE TABLE IF NOT EXISTS migration_turns
(
    turn UInt32 COMMENT 'Number of the turn; the highest holds',
    holder String COMMENT 'Machine and process that migrates in this turn',
    ended Bool DEFAULT false COMMENT 'Whether the holder has given the turn back',
    at DateTime64(3, 'UTC') DEFAULT now64(3) COMMENT 'When the holder was last alive'
)
ENGINE = MergeTree
ORDER BY (turn, at)
SETTINGS non_replicated_deduplication_window = 1000
COMMENT 'Who may migrate: one at a time'
"""
LATEST = """
SELECT
    turn,
    argMin(holder, at) AS holder,
    max(ended) AS ended,
    min(at) AS since,
    dateDiff('millisecond', max(at), now64(3)) / 1000 AS silent_s
FROM migration_turns
GROUP BY turn
ORDER BY turn DESC
LIMIT 1
"""
INSERT = """
INSERT INTO migration_turns (turn, holder, ended, at) VALUES
({turn:UInt32}, {holder:String}, {ended:Bool}, now64(3))
"""
"""The time is given, not left to its default: ClickHouse drops an insert that repeats another."""
KILL_EARLIER = """
KILL QUERY
WHERE startsWith(query_id, {all:String}) AND NOT startsWith(query_id, {own:String})
SYNC
"""
logger = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class _Latest:
    turn: int
    holder: str
    ended: bool
    since: datetime
    silent_s: float

    @property
    def over(self) -> bool:
        return self.ended or self.silent_s > EXPIRES_S


class Turn:
    """The right to migrate, for as long as its holder keeps writing that it is alive."""

    def __init__(self, settings: Settings, number: int, holder: str, begun: float) -> None:
        self.number = number
        self._settings = settings
        self._holder = holder
        self._alive_at = begun
        """Time (monotonic) just before the newest row of this turn was sent."""

    def query_id(self, statement: str) -> str:
        """Returns an id by which a successor ends what the server still does of this turn."""
        return f"{_prefix(self._settings)}{self.number}:{statement}"

    def check(self) -> None:
        """Raises `MigrationError` where another may have taken over in the meantime."""
        silent_s = time.monotonic() - self._alive_at
        if silent_s > EXPIRES_S:
            raise MigrationError(
                f"This process could not write that it is alive for {silent_s:.0f} s, so another "
                "may migrate by now: run it again"
            )

    def write(self, client: Client, *, ended: bool) -> None:
        begun = time.monotonic()
        row = {"turn": self.number, "holder": self._holder, "ended": ended}
        client.command(INSERT, parameters=row)
        # A row that arrived too late does not bring the turn back: another may have it.
        if time.monotonic() - self._alive_at <= EXPIRES_S:
            self._alive_at = begun

    def beat(self, stop: threading.Event) -> None:
        """Writes rows until `stop` is set; `check` notices when that fails for long."""
        while not stop.wait(BEAT_S):
            with suppress(Unavailable, *AWAY), connect(self._settings, "writer") as client:
                self.write(client, ended=False)


@contextmanager
def turn_to_migrate(settings: Settings, client: Client) -> Iterator[Turn]:
    """Waits for the turn, and holds it for the block.

    Raises `MigrationError` where another still migrates after `MAX_WAIT_S`.
    """
    client.command(TURNS)
    turn = _wait_for_turn(settings, client)
    stop = threading.Event()
    beating = threading.Thread(target=turn.beat, args=[stop], daemon=True)
    beating.start()
    try:
        _kill_earlier(settings, client, turn.number)
        yield turn
    finally:
        stop.set()
        beating.join()
        # Where ClickHouse is away, the turn expires.
        with suppress(*AWAY):
            turn.write(client, ended=True)


def _wait_for_turn(settings: Settings, client: Client) -> Turn:
    # The number tells processes apart that run in containers with equal names.
    holder = f"{socket.gethostname()}, process {os.getpid()} ({uuid4().hex[:8]})"
    until = time.monotonic() + MAX_WAIT_S
    waits_for = 0
    while True:
        latest = _latest(client)
        if latest is None or latest.over:
            number = latest.turn + 1 if latest else 1
            begun = time.monotonic()
            if _take(client, number, holder):
                return Turn(settings, number, holder, begun)
            continue
        if time.monotonic() > until:
            raise MigrationError(
                f"{latest.holder} migrates {settings.clickhouse_database} since "
                f"{latest.since:%Y-%m-%d %H:%M:%S} UTC: run it again when that has ended"
            )
        if latest.turn != waits_for:
            logger.info("waits for another to migrate", holder=latest.holder)
            waits_for = latest.turn
        time.sleep(LOOK_EVERY_S)


def _latest(client: Client) -> _Latest | None:
    rows = client.query(LATEST).result_rows
    return _Latest(*rows[0]) if rows else None


def _take(client: Client, number: int, holder: str) -> bool:
    """Returns whether the turn is this holder's.

    Of rows with equal token ClickHouse keeps the first: it decides between two who want the turn.
    """
    row = {"turn": number, "holder": holder, "ended": False}
    client.command(INSERT, parameters=row, settings={"insert_deduplication_token": f"{number}"})
    latest = _latest(client)
    return latest is not None and (latest.turn, latest.holder) == (number, holder)


def _kill_earlier(settings: Settings, client: Client, number: int) -> None:
    """Ends what the server still does for an earlier holder, which may have been killed."""
    prefix = _prefix(settings)
    client.query(KILL_EARLIER, parameters={"all": prefix, "own": f"{prefix}{number}:"})


def _prefix(settings: Settings) -> str:
    return f"migrate:{settings.clickhouse_database}:"
