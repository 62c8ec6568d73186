"""The process of the server is up in seconds, and small and quiet when idle.

It is safe to end it in any way.
"""

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from threading import Thread

import psutil
import pytest
import urllib3

from tests.clickhouse_process import ClickHouseProcess, accounts_file, environment
from tests.waiting import wait_until

pytestmark = pytest.mark.live

IDLE_MAX_BYTES = 370 << 20


@pytest.fixture
def server(tmp_path: Path) -> Iterator[ClickHouseProcess]:
    process = ClickHouseProcess(tmp_path / "data")
    process.start()
    process.post("CREATE TABLE kept (a UInt64) ENGINE = MergeTree ORDER BY a")
    yield process
    process.end()


def count(server: ClickHouseProcess) -> int:
    return int(server.post("SELECT count() FROM kept").data)


def test_what_was_written_is_there_after_a_stop(server: ClickHouseProcess) -> None:
    server.post("INSERT INTO kept SELECT number FROM numbers(1000)")
    assert server.stop() == 0
    server.start()
    assert count(server) == 1000


def test_what_was_acknowledged_is_there_after_a_kill(server: ClickHouseProcess) -> None:
    for _ in range(20):
        assert server.post("INSERT INTO kept SELECT number FROM numbers(10)").status == 200
    server.kill()
    server.start()
    assert count(server) == 200


def test_a_running_query_does_not_hold_up_the_stop(server: ClickHouseProcess) -> None:
    def ask() -> None:
        with suppress(urllib3.exceptions.HTTPError):
            server.post("SELECT count() FROM numbers(1000000000000) WHERE sipHash64(number) = 1")

    asking = Thread(target=ask)
    asking.start()
    wait_until(server.running, what="the query to run")
    started = time.monotonic()
    assert server.stop() == 0
    assert time.monotonic() - started < 10
    asking.join()


def test_an_idle_server_is_small_and_quiet(server: ClickHouseProcess) -> None:
    process = psutil.Process(server.pid)
    assert process.memory_info().rss < IDLE_MAX_BYTES
    process.cpu_percent()
    assert process.cpu_percent(interval=2) < 5


@pytest.mark.parametrize("fault", ["port", "directory"])
def test_what_is_taken_is_said_in_a_sentence(
    server: ClickHouseProcess, tmp_path: Path, fault: str
) -> None:
    port, path = (server.port, tmp_path / "more") if fault == "port" else (0, server.path)
    command = [sys.executable, "-m", "infra.chdb_server", "--port", str(port), "--path", str(path)]
    command += ["--accounts", str(accounts_file(path))]
    ended = subprocess.run(
        command, check=False, env=environment(), capture_output=True, text=True, timeout=20
    )
    assert ended.returncode == 1
    assert ended.stderr.splitlines()[-1].startswith("ClickHouse cannot")
