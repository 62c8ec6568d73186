"""Brings ClickHouse to the newest migration.

It is safe to run again, and refuses a migration that was changed after it ran.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from clickhouse_connect.driver.client import Client

from infra.clickhouse.client import connect
from infra.errors import MigrationError
from infra.settings import Settings

MAX_STATEMENT_S = 6 * 3600
"""Longest time for a statement, since it may fill a table from others."""
MIGRATIONS = Path(__file__).parent / "migrations"
LEDGER = """
CREATE TABLE IF NOT EXISTS migrations
(
    name String COMMENT 'File of the migration',
    sha256 FixedString(64) COMMENT 'Hash of its text when it ran',
    applied_at DateTime64(3, 'UTC') DEFAULT now64(3) COMMENT 'When it ran'
)
ENGINE = MergeTree
ORDER BY name
COMMENT 'Migrations that have run'
"""


@dataclass(frozen=True, slots=True)
class Migration:
    name: str
    text: str

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.text.encode()).hexdigest()

    @property
    def statements(self) -> list[str]:
        return [part.strip() for part in self.text.split(";\n") if part.strip()]


def migrate(settings: Settings) -> list[str]:
    """Returns the names of the migrations that ran now. Raises `MigrationError`, `Unavailable`."""
    with connect(settings, "writer", database="default") as root:
        root.command(f"CREATE DATABASE IF NOT EXISTS {settings.clickhouse_database}")
    with connect(settings, "writer", timeout_s=MAX_STATEMENT_S) as client:
        client.command(LEDGER)
        done = dict(client.query("SELECT name, sha256 FROM migrations").result_rows)
        pending = _pending(list(read_migrations()), done)
        for migration in pending:
            _apply(client, migration)
        return [migration.name for migration in pending]


def read_migrations(directory: Path = MIGRATIONS) -> Iterator[Migration]:
    for path in sorted(directory.glob("*.sql")):
        yield Migration(path.name, path.read_text(encoding="utf-8"))


def _pending(migrations: list[Migration], done: dict[str, bytes]) -> list[Migration]:
    """Returns the migrations that have still to run; `done` holds the hash of each that ran."""
    for migration in migrations:
        applied = done.get(migration.name)
        if applied is not None and _text(applied) != migration.sha256:
            raise MigrationError(
                f"{migration.name} was changed after it ran here; "
                "put it back and write a new migration"
            )
    pending = [migration for migration in migrations if migration.name not in done]
    if pending and done and pending[0].name < max(done):
        raise MigrationError(
            f"{pending[0].name} comes before {max(done)}, which has already run; "
            "give it the next number"
        )
    return pending


def _apply(client: Client, migration: Migration) -> None:
    for statement in migration.statements:
        client.command(statement)
    client.insert(
        "migrations", [[migration.name, migration.sha256]], column_names=["name", "sha256"]
    )


def _text(stored: bytes | str) -> str:
    return stored.decode() if isinstance(stored, bytes) else stored


def dump_schema(client: Client) -> str:
    """Returns every table as ClickHouse shows it: the text of the golden `schema.sql`."""
    names = sorted(row[0] for row in client.query("SHOW TABLES").result_rows)
    tables = []
    for name in names:
        table = str(client.query(f"SHOW CREATE TABLE {name}").result_rows[0][0])
        tables.append(table.replace(f"{client.database}.", "") + ";\n\n")
    return "".join(tables)


if __name__ == "__main__":
    for name in migrate(Settings()):
        print(name)  # noqa: T201 -- the command's own output
