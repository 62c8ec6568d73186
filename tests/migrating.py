"""Migrates databases of tests: stops at a statement as a kill does, fills tables, and sums up."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest
from clickhouse_connect.driver.client import Client

from infra.clickhouse import migrate as migrations
from infra.clickhouse.client import connect
from infra.clickhouse.ledger import Migration
from infra.settings import Settings

TABLES = """
SELECT name, create_table_query
FROM system.tables
WHERE database = currentDatabase() AND NOT startsWith(name, 'migration')
ORDER BY name
"""
FILLED = """
SELECT name
FROM system.tables
WHERE database = currentDatabase() AND startsWith(engine, 'Replacing')
ORDER BY name
"""
COLUMNS = """
SELECT name, type
FROM system.columns
WHERE database = currentDatabase() AND table = {table:String}
    AND (default_kind = '' OR startsWith(default_expression, 'now'))
ORDER BY position
"""
VALUES = {
    "UUID": "toUUID(concat('00000000-0000-0000-0000-00000000000', toString(number)))",
    "Bool": "number = 1",
    "Date": "toDate('2021-08-01') + number",
    "FixedString(32)": "leftPad(toString(number), 32, 'x')",
    "String": "concat('value-', toString(number))",
    "DateTime64(3, 'UTC')": "toDateTime64('2021-08-01 08:00:00', 3, 'UTC') + number * 3600",
}
VALUES_OF_NAMES = {
    "place": "concat('site:hall/', toString(number))",
    "is_deleted": "number = 2",
    "generation": "0",
}
"""Rows have places with parts, and some are deleted."""
SOURCES = {"presences": "'report'", "presences_by_place": "'report'"}
"""The value of `source` that lets a row through the filters of migrations; else `register`."""
ROWS = 3


class CutOffError(Exception):
    """Stands for the kill of a process that migrates."""


@dataclass(frozen=True, slots=True)
class Cut:
    """A place at which a process is killed: before a statement of a migration, or after it."""

    migration: str
    statement: int
    after: bool


def all_cuts(migration: Migration) -> list[Cut]:
    cuts = []
    for number in range(len(migration.statements)):
        cuts += [Cut(migration.name, number, after) for after in (False, True)]
    return cuts


@contextmanager
def known_before(name: str | None) -> Iterator[None]:
    """Lets the code know only the migrations before this one; None: all."""
    every = list(migrations.read_migrations())
    known = [migration for migration in every if name is None or migration.name < name]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(migrations, "read_migrations", lambda: iter(known))
        yield


def migrate_cut_off(settings: Settings, cut: Cut) -> None:
    """Migrates up to the cut. What follows the cut is not run, nor is anything written of it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(migrations, "connect", _connect_and_cut(cut))
        with pytest.raises(CutOffError):
            migrations.migrate(settings)


def _connect_and_cut(cut: Cut) -> Any:
    by_name = {migration.name: migration for migration in migrations.read_migrations()}
    statement = by_name[cut.migration].statements[cut.statement]

    @contextmanager
    def connect_and_cut(*arguments: Any, **options: Any) -> Iterator[Client]:
        with connect(*arguments, **options) as client:
            run = client.command

            def command(text: str, *more: Any, **named: Any) -> Any:
                if text != statement:
                    return run(text, *more, **named)
                if cut.after:
                    run(text, *more, **named)
                raise CutOffError

            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(client, "command", command)
                yield client

    return connect_and_cut


def fill(client: Client, filled: set[str]) -> None:
    """Writes rows into each table that has none of these yet, so that migrations have to copy."""
    for (table,) in client.query(FILLED).result_rows:
        if table not in filled:
            filled.add(table)
            fill_table(client, table)


def fill_table(client: Client, table: str) -> None:
    columns = client.query(COLUMNS, parameters={"table": table}).result_rows
    values = {}
    for name, kind in columns:
        value = _value(table, name, kind)
        if value:
            values[name] = value
    client.command(
        f"INSERT INTO {table} ({', '.join(values)}) "
        f"SELECT {', '.join(values.values())} FROM numbers({ROWS})"
    )


def _value(table: str, column: str, kind: str) -> str | None:
    if column == "source":
        return SOURCES.get(table, "'register'")
    if column in VALUES_OF_NAMES:
        return VALUES_OF_NAMES[column]
    bare = kind.removeprefix("LowCardinality(").removeprefix("Nullable(")
    bare = bare[: len(bare) - (len(kind) - len(bare) > 0)]
    if bare.startswith(("Int", "UInt", "Float")):
        return "number + 1"
    return VALUES.get(bare)


def state(settings: Settings) -> tuple[dict[str, str], dict[str, tuple[int, int]]]:
    """Returns the definition of each table and view, and number and hash of the rows of tables.

    Rows are those that FINAL leaves.
    """
    own = f"{settings.clickhouse_database}."
    with connect(settings, "writer") as client:
        rows = client.query(TABLES).result_rows
        definitions = {name: text.replace(own, "") for name, text in rows}
        parts = []
        for (table,) in client.query(FILLED).result_rows:
            total = "sum(cityHash64(toString(tuple(*))))"
            parts.append(f"SELECT '{table}', count(), {total} FROM {table} FINAL")
        rows = client.query(" UNION ALL ".join(parts)).result_rows
    return definitions, {table: (count, total) for table, count, total in rows}
