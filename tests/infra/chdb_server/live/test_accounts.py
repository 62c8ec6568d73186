"""The writer may do anything to tables.

The reader may read them and do nothing else, by no detour.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from clickhouse_connect.driver.exceptions import DatabaseError

from tests.clickhouse_process import PASSWORDS, ClickHouseProcess, code_of

pytestmark = pytest.mark.live

REFUSED = {16, 46, 60, 62, 164, 358, 452, 497, 512}
"""A refusal has one of these codes. Any other would mean that the statement was tried."""


@pytest.fixture(scope="module")
def secret(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("outside") / "secret.csv"
    file.write_text("not for the reader\n")
    return file


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ClickHouseProcess]:
    process = ClickHouseProcess(tmp_path_factory.mktemp("clickhouse"))
    process.start()
    process.post("CREATE DATABASE shop")
    process.post("CREATE TABLE shop.kept (a UInt64) ENGINE = MergeTree ORDER BY a")
    process.post("INSERT INTO shop.kept VALUES (1), (2), (3)")
    yield process
    process.end()


@pytest.fixture
def reader(server: ClickHouseProcess) -> Iterator[Any]:
    with server.client("reader", database="shop") as client:
        yield client


def test_the_writer_makes_changes_and_drops_tables(server: ClickHouseProcess) -> None:
    with server.client() as client:
        client.command("CREATE TABLE shop.short (a UInt64) ENGINE = MergeTree ORDER BY a")
        client.command("ALTER TABLE shop.short ADD COLUMN b String COMMENT 'more'")
        client.command("OPTIMIZE TABLE shop.short")
        client.command("TRUNCATE TABLE shop.short")
        client.command("DROP TABLE shop.short SYNC")


@pytest.mark.parametrize(
    "sql",
    [
        "INSERT INTO kept VALUES (4)",
        "INSERT INTO kept SELECT 4",
        "WITH 1 AS x INSERT INTO kept SELECT x",
        "CREATE TABLE other (a Int8) ENGINE = Memory",
        "CREATE DATABASE other",
        "CREATE VIEW v AS SELECT 1",
        "CREATE FUNCTION f AS x -> x",
        "CREATE DICTIONARY d (a Int8) PRIMARY KEY a SOURCE(FILE(path 'x' format CSV)) "
        "LIFETIME(0) LAYOUT(FLAT())",
        "CREATE TEMPORARY TABLE t (a Int8) ENGINE = File(CSV)",
        "CREATE TEMPORARY TABLE t (a Int8) ENGINE = URL('http://127.0.0.1:1', CSV)",
        "CREATE TEMPORARY TABLE t (a Int8) PARALLEL WITH SET ROLE writer",
        "ALTER TABLE kept DELETE WHERE 1",
        "DELETE FROM kept WHERE 1",
        "UPDATE kept SET a = 1 WHERE 1",
        "DROP TABLE kept",
        "TRUNCATE TABLE kept",
        "RENAME TABLE kept TO lost",
        "EXCHANGE TABLES kept AND kept",
        "DETACH TABLE kept",
        "OPTIMIZE TABLE kept",
        "CHECK TABLE kept",
        "SYSTEM STOP MERGES",
        "SYSTEM SHUTDOWN",
        "KILL QUERY WHERE 1",
        "BACKUP TABLE kept TO File('x')",
        "GRANT ALL ON *.* TO default",
        "SET ROLE writer",
        "SET /* aside */ ROLE ALL",
        "SET DEFAULT ROLE writer TO default",
        "EXECUTE AS default",
        "SET readonly = 0",
        "SELECT 1 SETTINGS readonly = 0",
        "SELECT 1 FORMAT CSV SETTINGS readonly = 0",
        "SELECT 1; SET ROLE writer",
        "SELECT ‘'’; SET ROLE writer; SELECT ‘'’",
    ],
)
def test_the_reader_changes_nothing(server: ClickHouseProcess, reader: Any, sql: str) -> None:
    with pytest.raises(DatabaseError) as refused:
        reader.command(sql)
    assert refused.value.code in REFUSED
    assert reader.command("SELECT currentRoles()") == "['reader']"
    assert server.post("SELECT count(), sum(a) FROM shop.kept").data == b"3\t6\n"


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT file('{path}')",
        "SELECT `fil\\x65`('{path}')",
        "SELECT \"file\" /* aside */ ('{path}')",
        "SELECT 1 AS `a'`, file('{path}')",
        "SELECT arrayMap(x -> file(x), ['{path}'])",
        "SELECT * APPLY file FROM (SELECT '{path}')",
        "SELECT * APPLY(file) FROM (SELECT '{path}')",
        "WITH f AS (SELECT file('{path}')) SELECT * FROM f",
        "EXPLAIN SELECT file('{path}')",
        "SELECT * FROM file('{path}', LineAsString, 'l String')",
        "DESCRIBE file('{path}')",
        "SELECT * FROM `{path}`",
        "SELECT * FROM default.`{path}`",
        "CREATE TEMPORARY TABLE t AS file('{path}')",
        "SELECT content FROM filesystem('{directory}')",
        "SELECT * FROM eval('SELECT 1')",
        "SELECT * FROM executable('cat {path}', CSV, 'l String')",
        "SELECT * FROM sqlite('{path}', 't')",
        "SELECT * FROM icebergLocal('{path}')",
        "SELECT * FROM deltaLakeLocal('{path}')",
        "SELECT * FROM url('file://{path}', LineAsString, 'l String')",
        "SELECT * FROM s3('http://127.0.0.1:1/a', CSV, 'l String')",
        "SELECT * FROM remote('127.0.0.1', system.one)",
        "SELECT * FROM cluster('default', system.one)",
        "SELECT * FROM redis('127.0.0.1:1', 'k', 'k String')",
        "SELECT * FROM mysql('127.0.0.1:1', 'a', 'b', 'c', 'd')",
        "SELECT * FROM postgresql('127.0.0.1:1', 'a', 'b', 'c', 'd')",
        "SELECT * FROM python(settings)",
        "SELECT * FROM kept INTO OUTFILE '{path}.copy'",
        "SELECT * FROM kept INTO OUTFILE '{path}.copy' FORMAT CSV",
        "INSERT INTO kept FROM INFILE '{path}' FORMAT CSV",
        "INSERT INTO FUNCTION file('{path}.copy', CSV, 'a Int8') VALUES (1)",
        "INSERT INTO TABLE FUNCTION file('{path}.copy', CSV, 'a Int8') SELECT 1",
        "SET format_schema = '{path}:Message'",
        "SELECT 1 AS a FORMAT Protobuf SETTINGS output_format_schema = '{path}.copy'",
    ],
)
def test_the_reader_reaches_no_file_and_no_network(reader: Any, secret: Path, sql: str) -> None:
    with pytest.raises(DatabaseError) as refused:
        reader.command(sql.format(path=secret, directory=secret.parent))
    assert refused.value.code in REFUSED
    assert "not for the reader" not in str(refused.value)
    assert [file.name for file in secret.parent.iterdir()] == [secret.name]


@pytest.mark.parametrize(
    "params",
    [
        {"default_format": "CSV; SET ROLE ALL"},
        {"param_x = 1; SET ROLE ALL; SET param_y": "1"},
        {"readonly": "0"},
        {"role": "writer"},
        {"format_schema": "/etc/passwd:X"},
        {"output_format_schema": "/tmp/x"},
    ],
)
def test_the_readers_address_brings_no_right_either(
    server: ClickHouseProcess, params: dict[str, str]
) -> None:
    assert server.post("SELECT 1", "reader", params=params).status in {400, 403, 500}


def test_the_readers_external_data_bring_no_statement(server: ClickHouseProcess) -> None:
    body = b'--e\r\nContent-Disposition: form-data; name="t"; filename="t"\r\n\r\n1\r\n--e--\r\n'
    headers = {"Content-Type": "multipart/form-data; boundary=e"}
    for extra in (
        {"t_structure": "a Int8) PARALLEL WITH SET ROLE writer --"},
        {"t_structure": "a Int8) AS SELECT file('/etc/passwd') --"},
        {"t_types": "Int8", "t_format": "CSV; SET ROLE ALL"},
    ):
        response = server.post(
            body, "reader", headers=headers, params={"query": "SELECT * FROM t", **extra}
        )
        assert code_of(response) in {62, 164, 408, 497}


def test_another_profile_lifts_nothing(server: ClickHouseProcess) -> None:
    session = {"session_id": "profile"}
    server.post("SET profile = 'default'", "reader", params=session)
    assert code_of(server.post("SET readonly = 0", "reader", params=session)) == 164
    assert code_of(server.post("SET format_schema = 'x'", "reader", params=session)) == 452
    assert code_of(server.post("INSERT INTO shop.kept VALUES (4)", "reader", params=session)) == 497


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT sum(a) FROM kept",
        "SELECT 'file(1)', 'SET ROLE writer'",
        "WITH RECURSIVE r AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM r WHERE n < 3) "
        "SELECT * FROM r",
        "SELECT * FROM numbers(3)",
        "SELECT * FROM values('a Int8', 1, 2)",
        "SELECT * FROM (SELECT 1 AS file)",
        "SHOW TABLES",
        "SHOW CREATE TABLE kept",
        "DESCRIBE TABLE kept",
        "EXPLAIN SELECT * FROM kept",
        "EXISTS TABLE kept",
        "SELECT name FROM system.columns WHERE table = 'kept'",
    ],
)
def test_the_reader_reads(reader: Any, sql: str) -> None:
    assert reader.query(sql).result_rows if not sql.startswith("SELECT 1") else True


def test_the_reader_has_settings_and_temporary_tables_of_its_own(reader: Any) -> None:
    assert reader.command("SELECT getSetting('max_threads')", settings={"max_threads": 1}) == 1
    reader.command("CREATE TEMPORARY TABLE seen (a UInt64)")
    reader.insert("seen", [[2], [3]], column_names=["a"])
    reader.command("INSERT INTO seen SELECT a + 10 FROM kept")
    assert reader.query("SELECT count(), max(a) FROM seen").result_rows == [(5, 13)]
    reader.command("DROP TABLE seen")


@pytest.mark.parametrize(
    ("headers", "params"),
    [
        ({}, {}),
        ({}, {"user": "default"}),
        ({}, {"user": "writer", "password": PASSWORDS["reader"]}),
        ({"X-ClickHouse-User": "reader", "X-ClickHouse-Key": ""}, {}),
        ({"Authorization": "Bearer token"}, {}),
    ],
)
def test_nobody_else_is_let_in(
    server: ClickHouseProcess, headers: dict[str, str], params: dict[str, str]
) -> None:
    response = server.post("SELECT 1", None, headers=headers, params=params)
    assert (response.status, code_of(response)) == (403, 516)


def test_an_account_may_be_named_in_headers_or_in_the_address(server: ClickHouseProcess) -> None:
    headers = {"X-ClickHouse-User": "reader", "X-ClickHouse-Key": PASSWORDS["reader"]}
    assert server.post("SELECT 1", None, headers=headers).data == b"1\n"
    assert (
        server.post(
            "SELECT 1", None, params={"user": "reader", "password": PASSWORDS["reader"]}
        ).data
        == b"1\n"
    )
