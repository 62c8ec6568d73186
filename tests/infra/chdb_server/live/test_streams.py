"""Large results stream in bounded memory, and an error in mid-result is an error.

A client that leaves frees its query.
"""

import asyncio
import socket
from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path
from threading import Thread
from urllib.parse import urlencode

import psutil
import pytest
import urllib3
from clickhouse_connect import get_async_client
from clickhouse_connect.driver.exceptions import DatabaseError, StreamFailureError

from tests.clickhouse_process import PASSWORDS, ClickHouseProcess, code_of
from tests.waiting import wait_until

pytestmark = pytest.mark.live

ENDLESS = "SELECT count() FROM numbers(1000000000000) WHERE sipHash64(number) = 1"
ENDLESS_ROWS = "SELECT number FROM numbers(1000000000000)"
FAILS_LATE = "SELECT number, throwIf(number = 2900000) FROM numbers(3000000)"
GROWTH_MAX_BYTES = 120 << 20


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ClickHouseProcess]:
    process = ClickHouseProcess(tmp_path_factory.mktemp("clickhouse"))
    process.start()
    yield process
    process.end()


def open_request(
    server: ClickHouseProcess, query: str, body: bytes = b"", length: int = 0
) -> socket.socket:
    """Sends a request, and reads nothing of the response yet."""
    credentials = b64encode(f"writer:{PASSWORDS['writer']}".encode()).decode()
    target = urlencode({"query": query})
    head = (
        f"POST /?{target} HTTP/1.1\r\nHost: here\r\n"
        f"Authorization: Basic {credentials}\r\nContent-Length: {length}\r\n\r\n"
    )
    connection = socket.create_connection(("127.0.0.1", server.port))
    connection.sendall(head.encode() + body)
    return connection


def wait_until_idle(server: ClickHouseProcess) -> None:
    wait_until(lambda: not server.running(), what="the engine to be free")


def test_ten_million_rows_stream_in_bounded_memory(server: ClickHouseProcess) -> None:
    process = psutil.Process(server.pid)
    with server.client("reader") as client:
        client.query("SELECT number FROM numbers(1000000)")
        before = process.memory_info().rss
        peak = 0
        count = 0
        with client.query_column_block_stream(
            "SELECT number, toString(number) FROM numbers(10000000)"
        ) as blocks:
            for block in blocks:
                count += len(block[0])
                peak = max(peak, process.memory_info().rss)
    assert count == 10_000_000
    assert peak - before < GROWTH_MAX_BYTES


def test_a_result_that_is_waited_for_to_its_end_is_whole_and_leaves_no_file(
    server: ClickHouseProcess,
) -> None:
    process = psutil.Process(server.pid)
    before = process.memory_info().rss
    response = server.post("SELECT number FROM numbers(5000000)", params={"wait_end_of_query": "1"})
    assert response.data.count(b"\n") == 5_000_000
    assert response.headers["X-ClickHouse-Summary"].startswith('{"read_rows":"5000000"')
    assert process.memory_info().rss - before < GROWTH_MAX_BYTES
    assert list((server.path / "tmp").iterdir()) == []


def test_a_result_that_is_waited_for_and_fails_at_its_end_is_an_error(
    server: ClickHouseProcess,
) -> None:
    response = server.post(FAILS_LATE, params={"wait_end_of_query": "1"})
    assert (response.status, code_of(response)) == (500, 395)


@pytest.mark.parametrize("compress", [True, "zstd", "gzip", False])
def test_an_error_in_mid_result_reaches_the_client_with_its_message(
    server: ClickHouseProcess, compress: bool | str
) -> None:
    with (
        server.client("reader", compress=compress) as client,
        pytest.raises(StreamFailureError, match="Code: 395"),
        client.query_rows_stream(FAILS_LATE) as rows,
    ):
        for _ in rows:
            pass


async def read_all(server: ClickHouseProcess) -> None:
    async with (
        await get_async_client(**server.options("reader")) as client,
        await client.query_rows_stream(FAILS_LATE) as rows,
    ):
        async for _ in rows:
            pass


def test_an_error_in_mid_result_reaches_the_async_client(server: ClickHouseProcess) -> None:
    """On a busy machine aiohttp drops what it has not read when the server ends the transfer."""
    with pytest.raises(StreamFailureError, match=r"Code: 395|connection closed by server"):
        asyncio.run(read_all(server))


@pytest.mark.parametrize("fmt", ["TabSeparated", "JSON", "Native"])
def test_an_error_in_mid_result_is_a_broken_transfer_in_every_format(
    server: ClickHouseProcess, fmt: str
) -> None:
    with pytest.raises(urllib3.exceptions.ProtocolError):
        server.post(FAILS_LATE, params={"default_format": fmt})


def test_a_client_that_leaves_while_it_waits_frees_its_query(server: ClickHouseProcess) -> None:
    connection = open_request(server, ENDLESS)
    wait_until(server.running, what="the query to run")
    connection.close()
    wait_until_idle(server)


def test_a_client_that_leaves_in_mid_result_frees_its_query(server: ClickHouseProcess) -> None:
    connection = open_request(server, ENDLESS_ROWS)
    assert connection.recv(100_000).startswith(b"HTTP/1.1 200")
    assert server.running()
    connection.close()
    wait_until_idle(server)


def test_a_reader_that_is_slow_holds_back_the_engine_not_the_memory(
    server: ClickHouseProcess,
) -> None:
    process = psutil.Process(server.pid)
    before = process.memory_info().rss
    connection = open_request(server, ENDLESS_ROWS)
    connection.recv(100_000)
    wait_until(lambda: process.cpu_percent(interval=0.3) < 5, what="the engine to pause")
    assert process.memory_info().rss - before < GROWTH_MAX_BYTES
    connection.close()
    wait_until_idle(server)


async def cancel_one(server: ClickHouseProcess) -> None:
    client = await get_async_client(**server.options("reader"))
    query = asyncio.create_task(client.query(ENDLESS))
    await asyncio.to_thread(wait_until, server.running, what="the query to run")
    query.cancel()
    with pytest.raises(asyncio.CancelledError):
        await query
    await asyncio.to_thread(wait_until_idle, server)
    assert (await client.query("SELECT 1")).result_rows == [(1,)]
    await client.close()


def test_a_cancelled_task_of_the_async_client_frees_its_query(server: ClickHouseProcess) -> None:
    asyncio.run(cancel_one(server))


def test_a_query_is_killed_by_the_id_its_client_gave(server: ClickHouseProcess) -> None:
    codes: list[int] = []
    asking = Thread(
        target=lambda: codes.append(code_of(server.post(ENDLESS, params={"query_id": "victim"})))
    )
    asking.start()
    wait_until(server.running, what="the query to run")
    assert code_of(server.post("SELECT 1", params={"query_id": "victim"})) == 216
    assert b"finished" in server.post("KILL QUERY WHERE query_id = 'victim' SYNC").data
    asking.join(10)
    assert codes == [394]


def test_an_upload_that_is_broken_off_writes_nothing(server: ClickHouseProcess) -> None:
    with server.client() as client:
        client.command("CREATE TABLE broken (a UInt64) ENGINE = MergeTree ORDER BY a")
        open_request(server, "INSERT INTO broken FORMAT CSV", b"1\n2\n3\n", length=1000).close()
        wait_until_idle(server)
        assert client.command("SELECT count() FROM broken") == 0


def test_requests_leave_no_open_files_behind(server: ClickHouseProcess) -> None:
    def pipes() -> int:
        files = Path(f"/proc/{server.pid}/fd")
        return sum(
            str(file.readlink()).startswith("pipe:")
            for file in files.iterdir()
            if file.is_symlink()
        )

    before = pipes()
    for _ in range(50):
        server.post("SELECT 1")
        server.post("SELECT nothing")
        server.post("SELECT 1", None)
    wait_until(lambda: pipes() <= before, what="the pipes to be closed")


def test_too_many_queries_at_once_are_refused(server: ClickHouseProcess) -> None:
    waiting = [open_request(server, "SELECT sleep(1)") for _ in range(300)]
    refused = [connection.recv(100).startswith(b"HTTP/1.1 503") for connection in waiting[-20:]]
    for connection in waiting:
        connection.close()
    assert any(refused)
    wait_until(lambda: server.post("SELECT 1").data == b"1\n", what="the server to be free")
    wait_until_idle(server)


def test_the_error_of_a_failed_statement_names_its_kind(server: ClickHouseProcess) -> None:
    with server.client() as client, pytest.raises(DatabaseError) as failed:
        client.command("DROP TABLE nowhere")
    assert (failed.value.code, failed.value.name) == (60, "UNKNOWN_TABLE")
