"""Migrations, golden schema and manual agree, as far as texts show it without a server."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from infra.clickhouse.ledger import Migration
from infra.clickhouse.migrate import read_migrations
from infra.settings import CHECKOUT

MIGRATIONS = sorted((CHECKOUT / "infra" / "clickhouse" / "migrations").glob("*.sql"))
SCHEMA = (CHECKOUT / "infra" / "clickhouse" / "schema.sql").read_text(encoding="utf-8")
MANUAL = (CHECKOUT / "docs" / "clickhouse.md").read_text(encoding="utf-8")
NEVER_USED = {27, 28, 29}
TABLE = re.compile(r"CREATE TABLE (\w+)\n\((.*?)\n\)(.*?);", re.DOTALL)
COLUMN_BEGINS = re.compile(r"\n    (?=`)")
TABLES = {name: (columns, rest) for name, columns, rest in TABLE.findall(SCHEMA)}
LEDGER = {"migrations", "migration_steps", "migration_turns"}
"""The tables in which migrations stand that run or have run; no migration makes them."""
RELEASED = Path(__file__).with_name("released.sha256")
"""Lines of `sha256sum`, one for each migration that was released; CONTRIBUTING appends them."""
MAKES_OR_DROPS = re.compile(
    r"ALTER TABLE (?P<altered>\w+)"
    r"|CREATE (?:TABLE|VIEW|MATERIALIZED VIEW) (?:IF NOT EXISTS )?(?P<made>\w+)"
    r"|DROP (?:TABLE|VIEW) (?:IF EXISTS )?(?P<dropped>\w+)"
    r"|ADD COLUMN (?:IF NOT EXISTS )?(?P<added>\w+)"
    r"|(?:DROP|RENAME) COLUMN (?:IF EXISTS )?(?P<gone>\w+)"
)
FIRST_WORDS = {"CREATE", "ALTER", "DROP", "EXCHANGE", "INSERT"}
"""Statements that begin so change a definition, as a whole or not at all, or add rows."""
RENEW = "run dibiendong up --only migrations, then python -m infra.tools.docs"


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


@pytest.mark.parametrize("table", sorted(TABLES.keys() - LEDGER))
def test_every_table_is_made_by_a_migration(table: str) -> None:
    made = re.compile(rf"CREATE TABLE (IF NOT EXISTS )?{table}\b")
    assert any(made.search(path.read_text(encoding="utf-8")) for path in MIGRATIONS)


@pytest.mark.parametrize("table", sorted(TABLES.keys() - LEDGER))
def test_the_manual_names_every_table_and_column(table: str) -> None:
    section = MANUAL.split(f"## `{table}`\n")[1].split("\n## ")[0]
    names = [column.split("`")[1] for column in columns_of(table)]
    assert [name for name in names if f"| `{name}` |" not in section] == []


def test_no_released_migration_was_changed() -> None:
    assert changed_migrations(released(), hashes_of(list(read_migrations()))) == []


def test_a_released_migration_that_is_changed_or_gone_is_named() -> None:
    hashes = hashes_of(list(read_migrations()))
    del hashes["0020_generations.sql"]
    hashes["0019_permits.sql"] = hashlib.sha256(b"another text").hexdigest()
    hashes["0029_between.sql"] = hashlib.sha256(b"between").hexdigest()
    hashes["9999_next.sql"] = hashlib.sha256(b"not released yet").hexdigest()
    assert changed_migrations(released(), hashes) == [
        "0019_permits.sql was changed after its release: put it back, write a new migration",
        "0020_generations.sql is missing: it was released",
        f"0029_between.sql comes before {max(released())}, which was released",
    ]


def test_the_golden_schema_has_all_that_migrations_make() -> None:
    lacking = lacking_in(SCHEMA, list(read_migrations()))
    assert lacking == [], f"infra/clickhouse/schema.sql is stale; {RENEW}"


def test_what_the_golden_schema_lacks_is_named() -> None:
    makes_table = Migration("9998_more.sql", "CREATE TABLE no_such_table\n(\n);\n")
    adds_column = Migration(
        "9999_more.sql", "ALTER TABLE scans\n    ADD COLUMN no_such_column Bool;\n"
    )
    migrations = [*read_migrations(), makes_table, adds_column]
    assert lacking_in(SCHEMA, migrations)[-2:] == [
        "9998_more.sql makes no_such_table",
        "9999_more.sql makes scans.no_such_column",
    ]


@pytest.mark.parametrize("migration", list(read_migrations()), ids=lambda migration: migration.name)
def test_every_statement_may_be_cut_off(migration: Migration) -> None:
    """The next run repeats what changed no definition: rows that come twice must count once."""
    for statement in migration.statements:
        code = re.sub(r"^--.*\n", "", statement, flags=re.MULTILINE)
        assert code.split()[0] in FIRST_WORDS
        assert not re.search(r"ALTER TABLE \w+\s+(UPDATE|DELETE)\b", code)
        filled = re.match(r"INSERT INTO (\w+)", code)
        if filled and filled[1] in TABLES:
            assert "ENGINE = ReplacingMergeTree" in TABLES[filled[1]][1]


def released() -> dict[str, str]:
    """Returns the hash of each released migration, by its name."""
    lines = RELEASED.read_text(encoding="utf-8").splitlines()
    pairs = [line.split() for line in lines]
    return {name: sha256 for sha256, name in pairs}


def hashes_of(migrations: Sequence[Migration]) -> dict[str, str]:
    return {migration.name: migration.sha256 for migration in migrations}


def changed_migrations(released: Mapping[str, str], hashes: Mapping[str, str]) -> list[str]:
    """Returns what is wrong with the migrations up to the newest that was released.

    Newer ones may still be changed.
    """
    newest = max(released)
    trouble = []
    for name in sorted({*released, *hashes}):
        if name not in hashes:
            trouble.append(f"{name} is missing: it was released")
        elif name not in released and name < newest:
            trouble.append(f"{name} comes before {newest}, which was released")
        elif name in released and released[name] != hashes[name]:
            trouble.append(
                f"{name} was changed after its release: put it back, write a new migration"
            )
    return trouble


def lacking_in(schema: str, migrations: Sequence[Migration]) -> list[str]:
    """Returns the tables and columns that migrations make, none drops, and the schema lacks."""
    there = set[str]()
    for statement in schema.split(";\n"):
        created = MAKES_OR_DROPS.search(statement)
        if created:
            columns = re.findall(r"^    `(\w+)`", statement, re.MULTILINE)
            there.update([created["made"], *(f"{created['made']}.{name}" for name in columns)])
    makers = makers_of(migrations)
    return [f"{makers[made]} makes {made}" for made in makers if made not in there]


def makers_of(migrations: Sequence[Migration]) -> dict[str, str]:
    """Returns the migration that made each `table` and `table.column` which none dropped later."""
    makers: dict[str, str] = {}
    for migration in migrations:
        table = ""
        for step in MAKES_OR_DROPS.finditer(migration.text):
            table = step["altered"] or table
            if step["made"]:
                makers[step["made"]] = migration.name
            if step["added"]:
                makers[f"{table}.{step['added']}"] = migration.name
            makers.pop(step["dropped"] or "", None)
            makers.pop(f"{table}.{step['gone']}", None)
    return makers
