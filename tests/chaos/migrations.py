"""Kills a migration at random moments until it is through, while the load goes on."""

import signal
import sys
from contextlib import suppress
from dataclasses import dataclass
from subprocess import DEVNULL, PIPE, Popen

from clickhouse_connect.driver.client import Client
from clickhouse_connect.driver.exceptions import ClickHouseError

from infra.clickhouse.client import connect
from infra.clickhouse.migrate import dump_schema, read_migrations
from infra.environment import for_child
from infra.settings import CHECKOUT, Settings
from infra.tools.docs import GOLDEN_SCHEMA
from tests.chaos.guests import changed
from tests.chaos.rig import BACK_S, Rig
from tests.waiting import wait_until

MIGRATE = [sys.executable, "-m", "infra.clickhouse.migrate"]
CUTS = 6
MAX_STATEMENTS = sum(len(migration.statements) for migration in read_migrations()) // (CUTS + 2)
"""A run is killed after at most so many statements, so that each run has some to do."""


@dataclass(frozen=True, slots=True)
class Progress:
    """What the ledger of a database says, which may not be there yet."""

    client: Client
    database: str

    def begun(self) -> list[tuple[str, int]]:
        """Returns migration and number of each statement that began, the newest last."""
        query = f"SELECT name, statement FROM {self.database}.migration_steps"
        with suppress(ClickHouseError):
            rows = self.client.query(f"{query} ORDER BY turn, name, statement").result_rows
            return [(name, statement) for name, statement in rows]
        return []

    def is_amid(self) -> bool:
        """Returns whether the newest statement is neither its migration's first nor done with."""
        name, statement = self.begun()[-1]
        query = f"SELECT name FROM {self.database}.migrations"
        return statement > 0 and (name,) not in self.client.query(query).result_rows


def migration_cut(rig: Rig) -> None:
    """Makes the tables of a database of its own; each run but the last is killed on its way."""
    live = rig.stack.settings
    database = f"cut_{rig.draw.randrange(10**9)}"
    own = live.model_copy(update={"clickhouse_database": database})
    with connect(own, "writer", database="default", timeout_s=60) as client:
        for _ in rig.load.steps(CUTS):
            cut_off(rig, own, Progress(client, database))
        with _migration(own) as last:
            _, error = last.communicate()
        rig.demand(last.returncode == 0, f"the migration does not go on: {error[-200:]}")
        with connect(own, "writer", timeout_s=60) as made_by_it:
            made = dump_schema(made_by_it)
        client.command(f"DROP DATABASE {database} SYNC")
    golden = GOLDEN_SCHEMA.read_text(encoding="utf-8")
    rig.demand(made == golden, "the tables are not those of an uncut migration")


def cut_off(rig: Rig, settings: Settings, progress: Progress) -> None:
    """Starts a migration and kills it (SIGKILL) between the first and the last of its statements.

    Which one that is, is drawn. A kill before any statement, in the wait for the turn of the one
    that was killed before, would harm nothing.
    """
    least = len(progress.begun()) + rig.draw.randint(1, MAX_STATEMENTS)
    with _migration(settings) as process:
        try:
            wait_until(
                lambda: process.poll() is not None or _is_stopped_amid(process, progress, least),
                BACK_S,
                what="a migration to be in the middle of its statements",
            )
            ended = process.poll()
        finally:
            process.kill()
        _, error = process.communicate()
    rig.demand(ended is None, f"the migration does not go on: {error[-200:]}")


def _is_stopped_amid(process: "Popen[str]", progress: Progress, least: int) -> bool:
    """Returns whether the process was stopped amid a migration; else it goes on."""
    if len(progress.begun()) < least:
        return False
    process.send_signal(signal.SIGSTOP)
    if progress.is_amid():
        return True
    process.send_signal(signal.SIGCONT)
    return False


def _migration(settings: Settings) -> "Popen[str]":
    environment = for_child(settings) | changed("short-turns")
    return Popen(MIGRATE, env=environment, cwd=CHECKOUT, stdout=DEVNULL, stderr=PIPE, text=True)
