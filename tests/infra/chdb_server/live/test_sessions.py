"""Sessions keep temporary tables, settings and database, and nothing of them leaks."""

from collections.abc import Iterator
from threading import Thread
from typing import Any

import pytest

from tests.clickhouse_process import Account, ClickHouseProcess, code_of
from tests.waiting import wait_until

pytestmark = pytest.mark.live


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ClickHouseProcess]:
    process = ClickHouseProcess(tmp_path_factory.mktemp("clickhouse"))
    process.start()
    process.post("CREATE DATABASE other")
    yield process
    process.end()


def ask(server: ClickHouseProcess, sql: str, account: Account = "writer", **params: str) -> str:
    return server.post(sql, account, params=params).data.decode().strip()


@pytest.mark.parametrize("account", ["writer", "reader"])
def test_levels_of_temporary_tables_live_through_a_session(
    server: ClickHouseProcess, account: Account
) -> None:
    session = {"session_id": "levels"}
    ask(server, "CREATE TEMPORARY TABLE level_0 (id UInt64)", account, **session)
    ask(server, "INSERT INTO level_0 VALUES (1), (2)", account, **session)
    for level in (1, 2):
        ask(
            server,
            f"CREATE TEMPORARY TABLE level_{level} AS SELECT id * 10 AS id FROM level_{level - 1}",
            account,
            **session,
        )
    assert ask(server, "SELECT sum(id) FROM level_2", account, **session) == "300"
    assert ask(server, "SELECT sum(id) FROM level_0 JOIN level_1 ON 1", account, **session) == "6"
    ask(server, "DROP TEMPORARY TABLE level_0", account, **session)
    assert "Code: 60" in ask(server, "SELECT * FROM level_0", account, **session)


def test_another_session_sees_none_of_them(server: ClickHouseProcess) -> None:
    ask(server, "CREATE TEMPORARY TABLE mine (id UInt64)", session_id="a")
    assert "Code: 60" in ask(server, "SELECT * FROM mine", session_id="b")
    assert "Code: 60" in ask(server, "SELECT * FROM mine")
    assert "Code: 60" in ask(server, "SELECT * FROM mine", "reader", session_id="a")


def test_set_and_use_stay_in_their_session(server: ClickHouseProcess) -> None:
    question = "SELECT getSetting('max_block_size'), currentDatabase()"
    usual = ask(server, question)
    ask(server, "SET max_block_size = 99", session_id="s")
    ask(server, "USE other", session_id="s")
    assert ask(server, question, session_id="s") == "99\tother"
    assert ask(server, question) == usual


def test_what_the_address_brings_holds_for_its_request_alone(server: ClickHouseProcess) -> None:
    question = "SELECT getSetting('max_block_size'), currentDatabase()"
    ask(server, "SET max_block_size = 99", session_id="t")
    assert ask(server, question, session_id="t", max_block_size="7", database="other") == "7\tother"
    assert ask(server, question, session_id="t") == "99\tdefault"
    ask(server, "SET max_block_size = 100", session_id="t", max_block_size="7")
    assert ask(server, question, session_id="t") == "100\tdefault"


def test_a_setting_that_is_refused_spoils_nothing(server: ClickHouseProcess) -> None:
    usual = ask(server, "SELECT getSetting('max_threads')", session_id="u")
    assert "Code: " in ask(server, "SELECT 1", session_id="u", max_threads="many")
    assert ask(server, "SELECT getSetting('max_threads')", session_id="u", max_threads="1") == "1"
    assert ask(server, "SELECT getSetting('max_threads')", session_id="u") == usual


def test_set_without_a_session_is_gone_with_its_request(server: ClickHouseProcess) -> None:
    usual = ask(server, "SELECT getSetting('max_block_size')")
    for _ in range(10):
        ask(server, "SET max_block_size = 5")
        ask(server, "CREATE TEMPORARY TABLE gone (a Int8)")
        ask(server, "USE other")
    for _ in range(20):
        assert (
            ask(server, "SELECT getSetting('max_block_size'), currentDatabase()")
            == f"{usual}\tdefault"
        )
        assert "Code: 60" in ask(server, "SELECT * FROM gone")


def test_a_session_in_use_is_locked(server: ClickHouseProcess) -> None:
    endless = "SELECT count() FROM numbers(1000000000000) WHERE sipHash64(number) = 1"
    busy = Thread(
        target=ask, args=(server, endless), kwargs={"session_id": "busy", "query_id": "endless"}
    )
    busy.start()
    wait_until(server.running, what="the first request to run")
    assert code_of(server.post("SELECT 1", params={"session_id": "busy"})) == 373
    ask(server, "KILL QUERY WHERE query_id = 'endless' SYNC")
    busy.join(60)
    assert ask(server, "SELECT 1", session_id="busy") == "1"


def test_a_session_ends_after_its_timeout(server: ClickHouseProcess) -> None:
    """Each question puts the end off by four seconds, so the next one is asked later than that."""
    brief = {"session_id": "brief", "session_check": "1", "session_timeout": "4"}
    assert code_of(server.post("SELECT 1", params=brief)) == 372
    ask(server, "SELECT 1", session_id="brief", session_timeout="4")
    assert code_of(server.post("SELECT 1", params=brief)) == 0
    wait_until(
        lambda: code_of(server.post("SELECT 1", params=brief)) == 372,
        what="the session to end",
        poll_s=4.5,
    )


@pytest.mark.parametrize("timeout", ["0", "3601", "soon", "-1"])
def test_a_timeout_out_of_bounds_is_refused(server: ClickHouseProcess, timeout: str) -> None:
    assert (
        code_of(server.post("SELECT 1", params={"session_id": "x", "session_timeout": timeout}))
        == 374
    )


def test_clients_with_sessions_of_their_own_do_not_meet(server: ClickHouseProcess) -> None:
    clients: list[Any] = [server.client() for _ in range(5)]
    for number, client in enumerate(clients):
        client.command("CREATE TEMPORARY TABLE own (a UInt8)")
        client.insert("own", [[number]], column_names=["a"])
    assert [client.command("SELECT sum(a) FROM own") for client in clients] == [0, 1, 2, 3, 4]
    for client in clients:
        client.close()
