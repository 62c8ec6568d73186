"""The ledger of migrations: which have run, and where one that was cut off goes on.

Before each statement, `migration_steps` gets a row with a hash of the tables that the migration
names. The row whose hash the tables still have says what has not run yet. So nothing need be known
about the statements, and those of released migrations stay as they are.
"""

import re
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256

from clickhouse_connect.driver.client import Client

from infra.errors import MigrationError

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
STEPS = """
CREATE TABLE IF NOT EXISTS migration_steps
(
    name String COMMENT 'File of the migration',
    turn UInt32 COMMENT 'Turn in which the statement began, of migration_turns',
    statement UInt16 COMMENT 'Its number in the file, from 0',
    sha256 String COMMENT 'Hash of its text',
    tables_before UInt64 COMMENT 'Hash of the tables that the migration names, before it',
    begun_at DateTime64(3, 'UTC') DEFAULT now64(3) COMMENT 'When it began'
)
ENGINE = MergeTree
ORDER BY (name, turn, statement)
COMMENT 'Statements of migrations that have begun: where one that was cut off goes on'
"""
TABLES_NOW = """
SELECT cityHash64(arraySort(groupArray((name, uuid, create_table_query))))
FROM system.tables
WHERE database = currentDatabase() AND name IN {names:Array(String)}
"""
"""The id of a table counts as well: an exchange may leave its definition as it was."""
BEGIN = f"""
INSERT INTO migration_steps (name, turn, statement, sha256, tables_before)
SELECT {{name:String}}, {{turn:UInt32}}, {{statement:UInt16}}, {{sha256:String}}, ({TABLES_NOW})
"""
BEGUN = """
SELECT statement, sha256, tables_before
FROM migration_steps
WHERE name = {name:String}
ORDER BY turn, statement
"""


@dataclass(frozen=True)
class Migration:
    name: str
    text: str

    @property
    def sha256(self) -> str:
        return sha256(self.text.encode()).hexdigest()

    @cached_property
    def statements(self) -> list[str]:
        return [part.strip() for part in self.text.split(";\n") if part.strip()]

    @cached_property
    def words(self) -> list[str]:
        """Every name of a table is among them."""
        return sorted(set(re.findall(r"\w+", self.text)))


class Ledger:
    """Reads and writes the ledger of the database that the client is connected to."""

    def __init__(self, client: Client) -> None:
        self._client = client

    def create(self) -> None:
        self._client.command(LEDGER)
        self._client.command(STEPS)

    def applied(self) -> dict[str, str]:
        """Returns the hash of each migration that ran, by its name."""
        rows = self._client.query("SELECT name, toString(sha256) FROM migrations").result_rows
        return dict(rows)

    def next_statement(self, migration: Migration) -> int:
        """Returns the number of the statement with which the migration goes on; 0 if none began.

        That is the first before which the tables were as they are now. An INSERT changes no
        definition, so one that was cut off, or waits for the exchange of its table, is repeated.
        If the tables are as before none of them, the last one that began is done.

        Raises `MigrationError` if what is done is no longer what the file says.
        """
        steps = self._client.query(BEGUN, parameters={"name": migration.name}).result_rows
        if not steps:
            return 0
        tables_now = self._client.query(
            TABLES_NOW, parameters={"names": migration.words}
        ).result_rows[0][0]
        unchanged = [number for number, _, tables_before in steps if tables_before == tables_now]
        last_begun = int(steps[-1][0])
        number = min(unchanged, default=last_begun + 1)
        _refuse_other_statements(migration, number, {number: text for number, text, _ in steps})
        return number

    def begin(self, migration: Migration, number: int, turn: int) -> None:
        """Writes that this statement begins, and what the tables are before it."""
        row = {
            "name": migration.name,
            "turn": turn,
            "statement": number,
            "sha256": _hash(migration.statements[number]),
            "names": migration.words,
        }
        self._client.command(BEGIN, parameters=row)

    def finish(self, migration: Migration) -> None:
        row = [[migration.name, migration.sha256]]
        self._client.insert("migrations", row, column_names=["name", "sha256"])


def _refuse_other_statements(migration: Migration, done: int, begun: dict[int, str]) -> None:
    """Raises `MigrationError` unless the first `done` statements are those that ran."""
    for number in range(done):
        text = migration.statements[number] if number < len(migration.statements) else ""
        if begun.get(number) != _hash(text):
            raise MigrationError(
                f"{migration.name} was changed after its first {done} statements ran here; "
                "put it back, and the rest will run"
            )


def _hash(statement: str) -> str:
    return sha256(statement.encode()).hexdigest()
