"""Every query of the doors fits the golden schema: ClickHouse explains it, the file that it refuses
is named."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest
from clickhouse_connect.driver.exceptions import DatabaseError
from clickhouse_connect.driver.external import ExternalData

from api.backends.clickhouse import text_of
from infra.tools.docs import GOLDEN_SCHEMA
from tests.api.queries_in_code import PEOPLE, QUERY_NUMBER, TemporaryTable, files, temporary_tables
from tests.clickhouse_process import ClickHouseProcess

pytestmark = pytest.mark.live
PARAMETER = re.compile(r"\{(?P<name>[a-z_]+):(?P<type>[^}]+)\}")
VALUES: dict[str, Any] = {
    "String": "",
    "UUID": UUID(int=0),
    "Bool": False,
    "Date": date(2021, 9, 15),
    "DateTime64(3)": datetime(2021, 9, 15, tzinfo=UTC),
    "Int64": 0,
    "UInt16": 1,
    "UInt32": 1,
    "Float32": 1.0,
}
"""A value of each type that queries bind; arrays are empty."""


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    process = ClickHouseProcess(tmp_path_factory.mktemp("schema"))
    process.start()
    try:
        with process.client("writer") as client:
            for statement in schema_statements():
                client.command(statement)
            yield client
    finally:
        process.end()


def schema_statements() -> list[str]:
    """Returns the statements of the golden schema, tables before the views that read them."""
    statements = GOLDEN_SCHEMA.read_text(encoding="utf-8").split(";\n\n")
    written = [statement for statement in statements if statement.strip()]
    return sorted(written, key=lambda statement: not statement.startswith("CREATE TABLE"))


def parameters_of(text: str) -> dict[str, Any]:
    return {
        found["name"]: [] if found["type"].startswith("Array") else VALUES[found["type"]]
        for found in PARAMETER.finditer(text)
    }


def temporary_table(text: str, table: TemporaryTable | None) -> ExternalData | None:
    """Returns the table that is sent with a query, empty; None where the query reads none."""
    name, structure = (table.name, table.structure) if table else PEOPLE
    if re.search(rf"\b(FROM|JOIN) {name}\b", text) is None:
        return None
    if re.search(r"\.query_number\b", text):
        structure = f"{QUERY_NUMBER}, {structure}"
    return ExternalData(file_name=name, data=b"", fmt="TSV", structure=structure)


def refusal(client: Any, text: str, table: TemporaryTable | None = None) -> str:
    """Returns what ClickHouse has against a query; nothing where it explains it."""
    try:
        client.query(
            f"EXPLAIN {text}",
            parameters=parameters_of(text),
            external_data=temporary_table(text, table),
        )
    except DatabaseError as error:
        return str(error).strip()
    return ""


def test_every_query_of_the_doors_fits_the_schema(client: Any) -> None:
    tables = temporary_tables()
    refused = []
    for name in sorted(files()):
        reason = refusal(client, text_of(name), tables.get(name))
        if reason:
            refused.append(f"api/{name}.sql: {reason}")
    assert not refused, "\n".join(refused)


def test_a_query_of_a_column_that_is_not_there_is_refused(client: Any) -> None:
    assert "no_such_column" in refusal(client, "SELECT no_such_column FROM cases")
