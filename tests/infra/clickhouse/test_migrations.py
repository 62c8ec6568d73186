"""Migrations, golden schema and manual agree, as far as texts show it without a server."""

import re

import pytest

from infra.settings import CHECKOUT

MIGRATIONS = sorted((CHECKOUT / "infra" / "clickhouse" / "migrations").glob("*.sql"))
SCHEMA = (CHECKOUT / "infra" / "clickhouse" / "schema.sql").read_text(encoding="utf-8")
MANUAL = (CHECKOUT / "docs" / "clickhouse.md").read_text(encoding="utf-8")
NEVER_USED = {27, 28, 29}
TABLE = re.compile(r"CREATE TABLE (\w+)\n\((.*?)\n\)(.*?);", re.DOTALL)
COLUMN_BEGINS = re.compile(r"\n    (?=`)")
TABLES = {name: (columns, rest) for name, columns, rest in TABLE.findall(SCHEMA)}
LEDGER = "migrations"
"""The table in which applied migrations stand; no migration makes it."""


def columns_of(table: str) -> list[str]:
    """Returns the text of each column; one of nested tuples stands on several lines."""
    return COLUMN_BEGINS.split(f"\n{TABLES[table][0]}")[1:]


def test_numbers_of_migrations_follow_one_another() -> None:
    numbers = [int(path.name[:4]) for path in MIGRATIONS]
    assert numbers == [n for n in range(1, numbers[-1] + 1) if n not in NEVER_USED]


def test_the_golden_schema_has_tables() -> None:
    assert {"scans", "flags", "presences"} <= TABLES.keys()


@pytest.mark.parametrize("table", TABLES)
def test_every_table_and_column_has_a_comment(table: str) -> None:
    bare = [column for column in columns_of(table) if " COMMENT '" not in column]
    assert bare == []
    assert "COMMENT '" in TABLES[table][1]


@pytest.mark.parametrize("table", sorted(TABLES.keys() - {LEDGER}))
def test_every_table_is_made_by_a_migration(table: str) -> None:
    made = re.compile(rf"CREATE TABLE (IF NOT EXISTS )?{table}\b")
    assert any(made.search(path.read_text(encoding="utf-8")) for path in MIGRATIONS)


@pytest.mark.parametrize("table", sorted(TABLES.keys() - {LEDGER}))
def test_the_manual_names_every_table_and_column(table: str) -> None:
    section = MANUAL.split(f"## `{table}`\n")[1].split("\n## ")[0]
    names = [column.split("`")[1] for column in columns_of(table)]
    assert [name for name in names if f"| `{name}` |" not in section] == []
