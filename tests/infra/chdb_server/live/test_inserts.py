"""Inserts write every row or none, under every coding, and once for each deduplication token."""

import asyncio
import gzip
import json
import zlib
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

import cramjam
import lz4.frame
import pytest
import zstandard
from clickhouse_connect import get_async_client
from clickhouse_connect.driver.exceptions import DatabaseError

from tests.clickhouse_process import ClickHouseProcess, code_of

pytestmark = pytest.mark.live

MILLION = 1_000_000
COMPRESS: dict[str, Callable[[bytes], bytes]] = {
    "lz4": lambda data: bytes(lz4.frame.compress(data)),
    "zstd": zstandard.compress,
    "gzip": gzip.compress,
    "deflate": zlib.compress,
    "br": lambda data: bytes(cramjam.brotli.compress(data, level=1)),
}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ClickHouseProcess]:
    process = ClickHouseProcess(tmp_path_factory.mktemp("clickhouse"))
    process.start()
    yield process
    process.end()


@pytest.fixture
def client(server: ClickHouseProcess) -> Iterator[Any]:
    with server.client() as client:
        client.command("DROP TABLE IF EXISTS rows SYNC")
        client.command(
            "CREATE TABLE rows (a UInt64, s String) ENGINE = MergeTree ORDER BY a "
            "SETTINGS non_replicated_deduplication_window = 100"
        )
        yield client


def count(client: Any) -> int:
    rows: int = client.command("SELECT count() FROM rows")
    return rows


@pytest.mark.parametrize("compress", [True, "lz4", "zstd", "gzip", False])
def test_a_million_rows_of_one_insert_all_arrive(
    server: ClickHouseProcess, client: Any, compress: bool | str
) -> None:
    with server.client(compress=compress) as writer:
        columns = [list(range(MILLION)), ["narrow"] * MILLION]
        summary = writer.insert("rows", columns, column_names=["a", "s"], column_oriented=True)
    assert summary.written_rows == MILLION
    assert client.query("SELECT count(), uniqExact(a), sum(a) FROM rows").result_rows == [
        (MILLION, MILLION, sum(range(MILLION)))
    ]


@pytest.mark.parametrize("coding", COMPRESS)
def test_a_body_of_every_coding_is_inserted_whole_or_not_at_all(
    server: ClickHouseProcess, client: Any, coding: str
) -> None:
    body = COMPRESS[coding](b"".join(b"%d\tx\n" % number for number in range(300_000)))
    params = {"query": "INSERT INTO rows FORMAT TSV"}
    headers = {"Content-Encoding": coding}
    assert server.post(body[:-7], params=params, headers=headers).status != 200
    assert count(client) == 0
    assert server.post(body, params=params, headers=headers).status == 200
    assert count(client) == 300_000


@pytest.mark.parametrize("fmt", ["TSV", "Native", "JSONEachRow"])
def test_a_fault_at_the_end_of_a_large_insert_leaves_nothing(
    server: ClickHouseProcess, client: Any, fmt: str
) -> None:
    rows = server.post(f"SELECT number AS a, 'x' AS s FROM numbers(2500000) FORMAT {fmt}").data
    params = {"query": f"INSERT INTO rows FORMAT {fmt}"}
    assert code_of(server.post(rows + b'{"a": "no number"', params=params)) != 0
    assert count(client) == 0
    assert server.post(rows, params=params).status == 200
    assert count(client) == 2_500_000


def test_columns_of_many_types_come_back_as_they_were(client: Any) -> None:
    client.command(
        "CREATE OR REPLACE TABLE typed (i Int32, l LowCardinality(String), "
        "t DateTime64(3, 'UTC'), u UUID, n Nullable(Float64), "
        "a Array(String), m Map(String, UInt8)) ENGINE = MergeTree ORDER BY i"
    )
    row = (
        -1,
        "low",
        datetime(2021, 9, 10, 7, 30, 1, 250_000),
        UUID(int=7),
        None,
        ["a", "ü"],
        {"k": 1},
    )
    client.insert("typed", [row], column_names=list("iltunam"))
    assert client.query("SELECT * FROM typed").result_rows == [row]


@pytest.mark.parametrize("session_id", [None, "one"])
def test_a_token_is_written_once(
    server: ClickHouseProcess, client: Any, session_id: str | None
) -> None:
    with server.client(session_id=session_id, autogenerate_session_id=False) as writer:
        for first, token in ((1, "t1"), (2, "t1"), (3, "t2")):
            writer.insert(
                "rows",
                [[first, "x"]],
                column_names=["a", "s"],
                settings={"insert_deduplication_token": token},
            )
        writer.insert("rows", [[4, "x"]], column_names=["a", "s"])
    assert [row[0] for row in client.query("SELECT a FROM rows ORDER BY a").result_rows] == [
        1,
        3,
        4,
    ]


def test_every_way_to_say_insert_works(server: ClickHouseProcess, client: Any) -> None:
    client.command("INSERT INTO rows VALUES (1, 'a'), (2, concat('b', 'c'))")
    client.command("INSERT INTO rows (a) VALUES ({a:UInt64})", parameters={"a": 3})
    client.command("INSERT INTO rows SELECT number, 'n' FROM numbers(4, 2)")
    client.raw_insert("rows", ["a", "s"], b"6,f\n7,g\n", fmt="CSV")
    client.raw_insert("rows", ["a", "s"], gzip.compress(b"8\th\n"), fmt="TSV", compression="gzip")
    server.post("(9, 'i')", params={"query": "INSERT INTO rows VALUES"})
    server.post(
        'INSERT INTO {t:Identifier} FORMAT JSONEachRow\n{"a": 10}', params={"param_t": "rows"}
    )
    assert [row[0] for row in client.query("SELECT a FROM rows ORDER BY a").result_rows] == list(
        range(1, 11)
    )


@pytest.mark.parametrize(
    ("query", "body", "code"),
    [
        ("INSERT INTO rows FORMAT TSV", b"1\tx\nnone\tx\n", 27),
        ("INSERT INTO rows FORMAT Native", b"\x02\x01\x01a", 32),
        ("INSERT INTO nowhere FORMAT TSV", b"1\n", 60),
        ("INSERT INTO rows (z) FORMAT TSV", b"1\n", 16),
        ("INSERT INTO rows FORMAT Nonsense", b"1\n", 73),
        ("INSERT INTO rows SELECT a, s FROM input('a UInt64, s String') FORMAT TSV", b"1\tx\n", 48),
    ],
)
def test_a_bad_insert_has_a_code_and_writes_nothing(
    server: ClickHouseProcess, client: Any, query: str, body: bytes, code: int
) -> None:
    assert code_of(server.post(body, params={"query": query})) == code
    assert count(client) == 0


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        ("ALTER TABLE rows ADD CONSTRAINT small CHECK a < 5", 469),
        (
            "CREATE MATERIALIZED VIEW fails TO rows_of_view "
            "AS SELECT a, throwIf(a > 5) AS s FROM rows",
            395,
        ),
        (
            "CREATE OR REPLACE TABLE rows (a UInt64, s String) "
            "ENGINE = MergeTree ORDER BY a PARTITION BY a",
            252,
        ),
    ],
    ids=["a constraint", "a view", "too many partitions"],
)
def test_what_fails_behind_the_parser_is_reported(
    server: ClickHouseProcess, client: Any, fault: str, code: int
) -> None:
    """Reports what once was a response of 200, with rows gone."""
    client.command(
        "CREATE TABLE IF NOT EXISTS rows_of_view (a UInt64, s UInt8) ENGINE = MergeTree ORDER BY a"
    )
    client.command(fault)
    try:
        with pytest.raises(DatabaseError) as failed:
            client.insert("rows", [[number, "x"] for number in range(200)], column_names=["a", "s"])
        assert failed.value.code == code
        assert (
            count(client) == 0 or code == 395
        )  # a view fails when its source's rows are in: whoever asked tries again, with its token
    finally:
        client.command("DROP VIEW IF EXISTS fails SYNC")


def test_settings_of_an_insert_hold_for_it(server: ClickHouseProcess, client: Any) -> None:
    for _ in range(2):
        query = "INSERT INTO rows (a, s) SETTINGS insert_deduplication_token = 'once' FORMAT TSV"
        assert server.post(b"1\tx\n", params={"query": query}).status == 200
    assert count(client) == 1


def test_a_refused_insert_answers_although_its_body_is_large(server: ClickHouseProcess) -> None:
    body = b"1\tx\n" * 10_000_000
    assert code_of(server.post(body, params={"query": "INSERT INTO nowhere FORMAT TSV"})) == 60
    assert (
        code_of(server.post(body, None, params={"query": "INSERT INTO nowhere FORMAT TSV"})) == 516
    )


def test_the_summary_counts_what_was_written(server: ClickHouseProcess, client: Any) -> None:
    response = server.post("INSERT INTO rows VALUES (1, 'a'), (2, 'b')")
    assert json.loads(response.headers["X-ClickHouse-Summary"])["written_rows"] == "2"
    assert client.insert("rows", [[3, "c"]], column_names=["a", "s"]).written_rows == 1


def test_a_materialised_view_gets_the_rows_as_well(client: Any) -> None:
    client.command("CREATE TABLE IF NOT EXISTS doubled (a UInt64) ENGINE = MergeTree ORDER BY a")
    client.command(
        "CREATE MATERIALIZED VIEW IF NOT EXISTS doubling TO doubled AS SELECT a * 2 AS a FROM rows"
    )
    client.insert("rows", [[1, "x"], [2, "x"]], column_names=["a", "s"])
    assert [row[0] for row in client.query("SELECT a FROM doubled ORDER BY a").result_rows] == [
        2,
        4,
    ]
    client.command("DROP VIEW doubling")


def test_the_async_client_inserts_too(server: ClickHouseProcess, client: Any) -> None:
    async def insert() -> int:
        async with await get_async_client(**server.options()) as writer:
            summary = await writer.insert(
                "rows", [[number, "x"] for number in range(1000)], column_names=["a", "s"]
            )
            rows: int = summary.written_rows
            return rows

    assert asyncio.run(insert()) == count(client) == 1000


def test_an_insert_of_values_the_client_cannot_encode_writes_nothing(client: Any) -> None:
    with pytest.raises(Exception, match="a"):
        client.insert("rows", [[1, "x"], ["not a number", "x"]], column_names=["a", "s"])
    assert count(client) == 0


def test_the_reader_inserts_nothing(server: ClickHouseProcess, client: Any) -> None:
    with server.client("reader") as reader, pytest.raises(DatabaseError) as refused:
        reader.insert("rows", [[1, "x"]], column_names=["a", "s"])
    assert refused.value.code == 497
    assert count(client) == 0
