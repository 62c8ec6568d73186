"""What the migrations make is the golden schema.

It is documented, and keeps identities where they belong.
"""

import pytest
from clickhouse_connect.driver.exceptions import DatabaseError

from infra.clickhouse.client import connect
from infra.clickhouse.migrate import dump_schema, migrate
from infra.settings import Settings
from infra.tools.docs import CLICKHOUSE_PAGE, GOLDEN_SCHEMA, clickhouse_page
from schemas.contract.codec import schema
from schemas.contract.events import EVENTS
from tests.running_stack import RunningStack

pytestmark = pytest.mark.live
RESTRICTED = {"identity_vault", "dead_letters", "reveals"}


@pytest.fixture(scope="module")
def migrated(servers: RunningStack) -> Settings:
    migrate(servers.settings)
    return servers.settings


def personal_columns() -> set[str]:
    names: set[str] = set()
    for event in EVENTS:
        fields = schema(event.__name__)["fields"]
        names.update(field["name"] for field in fields if field.get("pii"))
    return names


def test_migrations_give_the_golden_schema_and_run_once(migrated: Settings) -> None:
    assert migrate(migrated) == []
    with connect(migrated, "writer") as client:
        assert dump_schema(client) == GOLDEN_SCHEMA.read_text(encoding="utf-8"), (
            "run python -m infra.tools.docs with the stack up"
        )


def test_analysts_manual_is_what_the_comments_give(migrated: Settings) -> None:
    with connect(migrated, "writer") as client:
        assert clickhouse_page(client) == CLICKHOUSE_PAGE.read_text(encoding="utf-8"), (
            "run python -m infra.tools.docs with the stack up"
        )


def test_every_table_and_column_has_a_comment(migrated: Settings) -> None:
    tables = (
        "SELECT name FROM system.tables WHERE database = currentDatabase() "
        "AND comment = '' AND engine != 'MaterializedView'"
    )
    columns = (
        "SELECT table || '.' || name FROM system.columns WHERE database = currentDatabase() "
        "AND comment = ''"
    )
    with connect(migrated, "writer") as client:
        bare = [row[0] for row in client.query(tables).result_rows]
        bare += [row[0] for row in client.query(columns).result_rows if "_to_" not in row[0]]
    assert bare == []


def test_no_personal_field_is_a_column_outside_the_restricted_tables(migrated: Settings) -> None:
    with connect(migrated, "writer") as client:
        rows = client.query(
            "SELECT table, name FROM system.columns WHERE database = currentDatabase()"
        ).result_rows
    assert {
        f"{table}.{name}"
        for table, name in rows
        if name in personal_columns() and table not in RESTRICTED
    } == set()
    assert any(table == "identity_vault" and name in personal_columns() for table, name in rows)


def test_reader_cannot_write(migrated: Settings) -> None:
    with (
        connect(migrated, "reader") as client,
        pytest.raises(DatabaseError, match=r"readonly|privileges"),
    ):
        client.command(
            "INSERT INTO positions (stage, topic, partition, next_offset) VALUES ('x', 'y', 0, 1)"
        )
