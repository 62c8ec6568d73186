"""Brings ClickHouse to the newest migration.

It is safe to run again: a migration that was cut off goes on where it was. One process migrates at
a time. A migration that was changed after it ran is refused, and so is a database of newer code.
"""

import signal
import sys
from collections.abc import Iterator
from pathlib import Path

from clickhouse_connect.driver.client import Client

from infra.clickhouse.client import connect
from infra.clickhouse.ledger import Ledger, Migration
from infra.clickhouse.turn import Turn, turn_to_migrate
from infra.errors import InfraError, MigrationError
from infra.logs import configure_logs
from infra.settings import Settings

MAX_STATEMENT_S = 6 * 3600
"""Longest time for a statement, since it may fill a table from others."""
MIGRATIONS = Path(__file__).parent / "migrations"
LEDGERS = """
SELECT name
FROM system.tables
WHERE database = currentDatabase() AND name IN ('migrations', 'migration_steps')
"""
FAILED = 2


def main() -> None:
    # A process that is told to stop gives its turn back; one that is killed cannot.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    settings = Settings()
    configure_logs(settings)
    try:
        names = migrate(settings)
    except InfraError as error:
        sys.stderr.write(f"{error}\n")
        sys.exit(FAILED)
    for name in names:
        print(name)  # noqa: T201 -- the command's own output


def migrate(settings: Settings) -> list[str]:
    """Returns the names of the migrations that ran, or ended, now.

    Raises `MigrationError`, `Unavailable`.
    """
    with connect(settings, "writer", database="default") as root:
        root.command(f"CREATE DATABASE IF NOT EXISTS {settings.clickhouse_database}")
    with connect(settings, "writer", timeout_s=MAX_STATEMENT_S) as client:
        ledger = Ledger(client)
        ledger.create()
        refuse_newer(client)
        if not _pending(list(read_migrations()), ledger.applied()):
            return []
        with turn_to_migrate(settings, client) as turn:
            # Another may have migrated while this one waited.
            refuse_newer(client)
            pending = _pending(list(read_migrations()), ledger.applied())
            for migration in pending:
                _apply(client, ledger, migration, turn)
        return [migration.name for migration in pending]


def refuse_newer(client: Client) -> None:
    """Raises `MigrationError` where a migration ran, or began, that this code does not know.

    Code that is older than the tables would misread or misfill them. A database without any
    migration is refused by nobody.
    """
    names = set[str]()
    for (ledger,) in client.query(LEDGERS).result_rows:
        rows = client.query(f"SELECT DISTINCT name FROM {ledger}").result_rows  # noqa: S608 -- one of two names
        names.update(name for (name,) in rows)
    unknown = sorted(names - {migration.name for migration in read_migrations()})
    if unknown:
        raise MigrationError(
            f"The database {client.database} is newer than this code, which lacks the migration "
            f"{unknown[0]}: use the release that migrated it, or a later one"
        )


def read_migrations(directory: Path = MIGRATIONS) -> Iterator[Migration]:
    for path in sorted(directory.glob("*.sql")):
        yield Migration(path.name, path.read_text(encoding="utf-8"))


def _pending(migrations: list[Migration], applied: dict[str, str]) -> list[Migration]:
    """Returns the migrations that have still to run; `applied` holds the hash of each that ran."""
    for migration in migrations:
        if applied.get(migration.name, migration.sha256) != migration.sha256:
            raise MigrationError(
                f"{migration.name} was changed after it ran here; "
                "put it back and write a new migration"
            )
    pending = [migration for migration in migrations if migration.name not in applied]
    if pending and applied and pending[0].name < max(applied):
        raise MigrationError(
            f"{pending[0].name} comes before {max(applied)}, which has already run; "
            "give it the next number"
        )
    return pending


def _apply(client: Client, ledger: Ledger, migration: Migration, turn: Turn) -> None:
    for number in range(ledger.next_statement(migration), len(migration.statements)):
        turn.check()
        ledger.begin(migration, number, turn.number)
        query_id = turn.query_id(f"{migration.name}:{number}")
        _execute(client, migration.statements[number], query_id)
    turn.check()
    ledger.finish(migration)


def _execute(client: Client, statement: str, query_id: str) -> None:
    client.command(statement, settings={"query_id": query_id})


def dump_schema(client: Client) -> str:
    """Returns every table as ClickHouse shows it: the text of the golden `schema.sql`."""
    names = sorted(row[0] for row in client.query("SHOW TABLES").result_rows)
    tables = []
    for name in names:
        table = str(client.query(f"SHOW CREATE TABLE {name}").result_rows[0][0])
        tables.append(table.replace(f"{client.database}.", "") + ";\n\n")
    return "".join(tables)


if __name__ == "__main__":
    main()
