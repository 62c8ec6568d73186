"""The server answers queries as ClickHouse does, to ClickHouse's own client library and to curl."""

import asyncio
import gzip
import json
import subprocess
import zlib
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import cramjam
import lz4.frame
import pytest
import zstandard
from clickhouse_connect import get_async_client
from clickhouse_connect.driver.exceptions import DatabaseError
from clickhouse_connect.driver.external import ExternalData

from tests.clickhouse_process import PASSWORDS, ClickHouseProcess, code_of

pytestmark = pytest.mark.live

DECOMPRESS: dict[str, Callable[[bytes], bytes]] = {
    "lz4": lambda data: bytes(lz4.frame.LZ4FrameDecompressor().decompress(data)),
    "zstd": lambda data: zstandard.ZstdDecompressor().decompressobj().decompress(data),
    "gzip": gzip.decompress,
    "deflate": zlib.decompress,
    "br": lambda data: bytes(cramjam.brotli.decompress(data)),
}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ClickHouseProcess]:
    process = ClickHouseProcess(tmp_path_factory.mktemp("clickhouse"))
    process.start()
    yield process
    process.end()


def curl(server: ClickHouseProcess, *arguments: str) -> str:
    command = ["curl", "-sS", "-u", f"reader:{PASSWORDS['reader']}", *arguments]
    return subprocess.run(command, check=True, capture_output=True, timeout=20).stdout.decode()


def test_bound_parameters_arrive_as_they_were_given(server: ClickHouseProcess) -> None:
    value = "tab\tline\nquote'backslash\\ü"
    with server.client("reader") as client:
        rows = client.query(
            "SELECT {x:String}, {n:Nullable(Int8)}, {a:Array(String)}",
            {"x": value, "n": None, "a": [value]},
        )
        assert rows.result_rows == [(value, None, [value])]


def test_a_result_without_rows_has_its_columns(server: ClickHouseProcess) -> None:
    with server.client("reader") as client:
        assert client.query("SELECT 1 AS a, 'x' AS b LIMIT 0").column_names == ("a", "b")
        assert client.query("SELECT 1 AS a WHERE 0").result_rows == []


@pytest.mark.parametrize("compress", [True, "lz4", "zstd", "gzip", "deflate", False])
def test_a_result_is_whole_under_every_compression(
    server: ClickHouseProcess, compress: bool | str
) -> None:
    with server.client("reader", compress=compress) as client:
        assert sum(client.query("SELECT number FROM numbers(300000)").result_columns[0]) == sum(
            range(300_000)
        )


@pytest.mark.parametrize("coding", DECOMPRESS)
@pytest.mark.parametrize("rows", [10, 1_000_000])
def test_a_response_is_compressed_only_when_the_client_asks_twice(
    server: ClickHouseProcess, coding: str, rows: int
) -> None:
    query = f"SELECT number FROM numbers({rows}) ORDER BY number"
    accept = {"Accept-Encoding": coding}
    plain = server.post(query, headers=accept)
    packed = server.post(query, headers=accept, params={"enable_http_compression": "1"})
    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == coding
    assert DECOMPRESS[coding](packed.data) == plain.data


async def ask_for_rows(server: ClickHouseProcess) -> list[int]:
    async with await get_async_client(**server.options("reader")) as client:
        async with await client.query_rows_stream("SELECT number FROM numbers(200000)") as rows:
            count = 0
            async for _ in rows:
                count += 1
        return [count, (await client.query("SELECT {x:Int32}", {"x": 7})).result_rows[0][0]]


def test_the_async_client_is_served_as_well(server: ClickHouseProcess) -> None:
    assert asyncio.run(ask_for_rows(server)) == [200_000, 7]


def test_the_settings_of_one_query_do_not_reach_another(server: ClickHouseProcess) -> None:
    with server.client("reader") as client:
        usual = client.command("SELECT getSetting('max_block_size')")
        assert (
            client.command("SELECT getSetting('max_block_size')", settings={"max_block_size": 77})
            == 77
        )
        assert client.command("SELECT getSetting('max_block_size')") == usual


def test_concurrent_clients_keep_their_settings_and_databases(server: ClickHouseProcess) -> None:
    for number in range(8):
        server.post(f"CREATE DATABASE IF NOT EXISTS own_{number}")

    def ask(number: int) -> bool:
        query = "SELECT getSetting('max_block_size'), currentDatabase(), sleepEachRow(0.002)"
        answer = server.post(
            query, params={"database": f"own_{number % 8}", "max_block_size": str(1000 + number)}
        ).data
        return answer == f"{1000 + number}\town_{number % 8}\t0\n".encode()

    with ThreadPoolExecutor(16) as pool:
        assert all(pool.map(ask, range(200)))


def test_an_error_has_the_engines_code_and_name(server: ClickHouseProcess) -> None:
    with server.client("reader") as client, pytest.raises(DatabaseError) as failed:
        client.query("SELECT nothing_of_this_name")
    assert (failed.value.code, failed.value.name) == (47, "UNKNOWN_IDENTIFIER")


@pytest.mark.parametrize(
    ("query", "params", "status", "code"),
    [
        ("SELEC 1", {}, 400, 62),
        ("SELECT 1; SELECT 2", {}, 400, 62),
        ("SELECT * FROM nowhere", {}, 404, 60),
        ("SELECT 1", {"database": "nowhere"}, 404, 81),
        ("SELECT 1", {"no_such_setting": "1"}, 404, 115),
        ("SELECT 1 FORMAT Nonsense", {}, 404, 73),
        ("SELECT {x:Int32}", {}, 400, 456),
        ("SELECT {x:Int32}", {"param_x": "seven"}, 400, 457),
        (
            "SELECT count() FROM numbers(100000000000) WHERE sipHash64(number) = 1",
            {"max_execution_time": "0.2"},
            408,
            159,
        ),
        ("SELECT throwIf(number = 3) FROM numbers(10) FORMAT JSON", {}, 500, 395),
        ("SELECT 1", {"compress": "1"}, 501, 48),
        ("SELECT 1", {"role": "writer"}, 403, 512),
    ],
)
def test_every_failure_has_a_code_and_a_status(
    server: ClickHouseProcess, query: str, params: dict[str, str], status: int, code: int
) -> None:
    response = server.post(query, "reader", params=params)
    assert (response.status, code_of(response)) == (status, code)
    assert response.data.startswith(f"Code: {code}. DB::Exception: ".encode())
    assert b"(version 26." in response.data


def test_headers_tell_what_clients_read(server: ClickHouseProcess) -> None:
    response = server.post(
        "SELECT number FROM numbers(1000)",
        params={"query_id": "mine", "default_format": "JSONEachRow"},
    )
    assert response.headers["X-ClickHouse-Query-Id"] == "mine"
    assert response.headers["X-ClickHouse-Format"] == "JSONEachRow"
    assert response.headers["X-ClickHouse-Timezone"] == "UTC"
    assert response.headers["X-ClickHouse-Server-Display-Name"]
    summary = json.loads(response.headers["X-ClickHouse-Summary"])
    assert (summary["read_rows"], summary["result_rows"], summary["written_rows"]) == (
        "1000",
        "1000",
        "0",
    )


@pytest.mark.parametrize(
    ("headers", "params", "expected"),
    [
        ({}, {}, b"1\t2\n"),
        ({"X-ClickHouse-Format": "CSV"}, {}, b"1,2\n"),
        ({}, {"default_format": "JSONCompactEachRow"}, b"[1, 2]\n"),
        ({}, {"default_format": "CSVWithNames"}, b'"a","b"\n1,2\n'),
    ],
)
def test_the_format_is_the_clients_choice(
    server: ClickHouseProcess, headers: dict[str, str], params: dict[str, str], expected: bytes
) -> None:
    assert server.post("SELECT 1 AS a, 2 AS b", headers=headers, params=params).data == expected
    assert (
        server.post("SELECT 1 AS a, 2 AS b FORMAT CSV", headers=headers, params=params).data
        == b"1,2\n"
    )


@pytest.mark.parametrize(
    "query",
    [
        "SHOW DATABASES",
        "DESCRIBE TABLE system.one",
        "EXPLAIN SELECT 1",
        "EXISTS system.one",
        "(SELECT 1)",
    ],
)
def test_statements_other_than_select_answer_too(server: ClickHouseProcess, query: str) -> None:
    response = server.post(query, "reader")
    assert response.status == 200
    assert response.data


def test_curl_sends_queries_parameters_and_forms(server: ClickHouseProcess) -> None:
    url = server.url
    assert curl(server, url, "-d", "SELECT 1") == "1\n"
    assert curl(server, f"{url}?query=SELECT%202") == "2\n"
    assert curl(server, f"{url}?param_x=3", "-d", "SELECT {x:UInt8}") == "3\n"
    assert curl(server, url, "-F", "query=SELECT {x:String}", "-F", "param_x=a&b") == "a&b\n"
    assert curl(server, url, "-d", "query=SELECT+%7Bx%3AString%7D&param_x=a%26b") == "a&b\n"
    assert curl(server, f"{url}ping") == "Ok.\n"
    assert curl(server, f"{url}nowhere").startswith("There is no handle /nowhere")


def test_the_client_may_send_its_parameters_as_a_form(server: ClickHouseProcess) -> None:
    with server.client("reader", form_encode_query_params=True) as client:
        assert client.query("SELECT {x:String}", {"x": "a'b"}).result_rows == [("a'b",)]


def test_external_data_are_tables_of_the_query_alone(server: ClickHouseProcess) -> None:
    data = ExternalData(
        file_name="cases.csv", data=b"1,a\n2,b\n", fmt="CSV", structure=["id UInt32", "name String"]
    )
    data.add_file(file_name="places.tsv", data=b"2\tx\n", fmt="TSV", types="UInt32,String")
    query = "SELECT name, _2 FROM cases JOIN places ON id = _1 WHERE id = {id:UInt32}"
    with server.client("reader") as client:
        for _ in range(2):
            assert client.query(query, {"id": 2}, external_data=data).result_rows == [("b", "x")]
        with pytest.raises(DatabaseError) as failed:
            client.query("SELECT * FROM cases")
    assert failed.value.code == 60


def test_external_data_come_from_curl(server: ClickHouseProcess, tmp_path: Path) -> None:
    (tmp_path / "rows.tsv").write_text("1\n2\n4\n")
    url = f"{server.url}?query=SELECT+sum(a)+FROM+t"
    assert curl(server, url, "-F", f"t=@{tmp_path}/rows.tsv", "-F", "t_structure=a UInt8") == "7\n"
    assert curl(
        server, url, "-F", f"t=@{tmp_path}/rows.tsv", "-F", "t_structure=a Date"
    ).startswith("Code: ")


def test_ping_needs_no_account_and_get_writes_nothing(server: ClickHouseProcess) -> None:
    assert server.http.request("GET", f"{server.url}ping").data == b"Ok.\n"
    assert server.http.request("GET", server.url).data == b"Ok.\n"
    response = server.post(
        method="GET", params={"query": "CREATE TABLE t (a Int8) ENGINE = Memory"}
    )
    assert code_of(response) == 164
    with server.client() as client:
        assert client.ping()
