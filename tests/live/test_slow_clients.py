"""Clients hold on: idle, slow to ask, slow to listen, with heads without end.

Memory stays, others are served, and such clients are let go.
"""

import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import repeat

import httpx2
import psutil
import pytest
import urllib3

from infra.tools.doors_client import token_of
from tests.clickhouse_process import PASSWORDS, ClickHouseProcess, free_port
from tests.memory import growth_of
from tests.raw_http import RawClient, chunk, head
from tests.running_stack import RunningStack
from tests.waiting import BOUND_S, wait_until

pytestmark = pytest.mark.live

IDLE = 1_000
OPTIONS = ("--head-timeout-s", "12", "--silence-s", "4", "--connections", str(IDLE + 50))
BOUNDS = {"HEAD_TIMEOUT_S": "12", "CLIENT_SILENCE_S": "4", "CONNECTIONS_MAX": str(IDLE + 50)}
"""The bounds are short, so that they are over soon.

A test holds the longer ones of the settings against the same code.
"""


@dataclass(frozen=True)
class Server:
    """One of our two servers, with requests that strain it.

    `upload` begins a request that its process must read a body for. `large` asks for an answer far
    larger than a socket holds.
    """

    port: int
    pid: int
    alive: str
    upload: bytes
    large: bytes

    def serves(self) -> bool:
        address = f"http://127.0.0.1:{self.port}{self.alive}"
        return httpx2.get(address, timeout=BOUND_S).status_code == 200

    def client(self, *, takes_little: bool = False) -> RawClient:
        return RawClient(self.port, takes_little=takes_little)


AtBoth = Callable[[Callable[[Server], None]], None]


@pytest.fixture(scope="module")
def api(stack: RunningStack) -> Iterator[Server]:
    """The real doors run once more, beside those of the stack."""
    port = free_port()
    own = BOUNDS | {"API_PORT": str(port)}
    env = stack.env | {f"DIBIENDONG_{name}": value for name, value in own.items()}
    process = subprocess.Popen([sys.executable, "-m", "api"], env=env, stdout=subprocess.DEVNULL)
    bearer = f"Bearer {token_of(stack.settings, 'admin')}"
    upload = head(
        "POST",
        "/declarations",
        Content_Type="application/json",
        Authorization=bearer,
        Transfer_Encoding="chunked",
    )
    large = head("GET", "/openapi.json") * 200
    server = Server(port, process.pid, "/livez", upload, large)
    wait_until(lambda: _answers(server), what="the doors to open")
    yield server
    process.terminate()
    process.wait(timeout=BOUND_S)


@pytest.fixture(scope="module")
def clickhouse(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    process = ClickHouseProcess(
        tmp_path_factory.mktemp("clickhouse") / "data", options_more=OPTIONS
    )
    process.start()
    account = urllib3.make_headers(basic_auth=f"writer:{PASSWORDS['writer']}")
    upload = head(
        "POST",
        "/?query=SELECT+1",
        Transfer_Encoding="chunked",
        Authorization=account["authorization"],
    )
    large = head(
        "GET",
        "/?query=SELECT+number+FROM+numbers(100000000)",
        Authorization=account["authorization"],
    )
    yield Server(process.port, process.pid, "/ping", upload, large)
    process.end()


def _answers(server: Server) -> bool:
    try:
        return server.serves()
    except httpx2.HTTPError:
        return False


@pytest.fixture(params=["api", "clickhouse"])
def server(request: pytest.FixtureRequest) -> Server:
    server: Server = request.getfixturevalue(request.param)
    return server


@pytest.fixture
def at_both(api: Server, clickhouse: Server) -> AtBoth:
    """Returns what checks both servers at the same time: most of the time is a wait for bounds."""

    def check_both(check: Callable[[Server], None]) -> None:
        with ThreadPoolExecutor(2) as threads:
            checks = {server.alive: threads.submit(check, server) for server in (api, clickhouse)}
        assert {name: done.exception() for name, done in checks.items()} == dict.fromkeys(checks)

    return check_both


def clients_of(server: Server) -> set[int]:
    """Returns the clients' ports."""
    ports = set()
    for connection in psutil.Process(server.pid).net_connections("inet"):
        if connection.laddr.port == server.port and connection.raddr:
            ports.add(connection.raddr.port)
    return ports


def test_a_thousand_idle_connections_cost_little_hold_nobody_up_and_are_let_go(
    at_both: AtBoth,
) -> None:
    at_both(let_idle_connections_go)


def let_idle_connections_go(server: Server) -> None:
    with ExitStack() as clients, growth_of(server.pid) as grown:
        for _ in range(IDLE):
            clients.enter_context(server.client())
        wait_until(
            lambda: len(clients_of(server)) >= IDLE, what="all of them to be connected", poll_s=0.5
        )
        assert server.serves()
        wait_until(
            lambda: len(clients_of(server)) < IDLE / 10,
            what="all of them to be let go",
            poll_s=0.5,
        )
    assert grown.mb < 60


def test_connections_beyond_the_limit_are_refused_at_once(server: Server) -> None:
    with ExitStack() as clients:
        crowd = [clients.enter_context(server.client()) for _ in range(IDLE + 80)]
        assert {crowd[-1].status(), crowd[-2].status()} == {503}
    wait_until(server.serves, what="room for others")


def test_a_head_that_comes_drop_by_drop_is_not_waited_for(at_both: AtBoth) -> None:
    at_both(refuse_a_head_in_drops)


def refuse_a_head_in_drops(server: Server) -> None:
    with server.client() as client:
        client.say(b"GET /livez HTTP/1.1\r\nX-Slow: ")
        wait_until(
            lambda: not client.say(b"x") or client.heard(),
            what="an answer",
            poll_s=0.1,
        )
        assert client.status() == 408


@pytest.mark.parametrize(
    "begin",
    [
        b"GET /livez HTTP/1.1\r\nX-Long: ",
        b"GET /",
        b"GET /livez HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nX: ",
    ],
)
def test_a_head_without_end_is_cut_off(server: Server, begin: bytes) -> None:
    with server.client() as client, growth_of(server.pid) as grown:
        client.say(begin)
        sent = client.stream(repeat(b"x" * 65_536, 4_000))
        assert client.status() in (200, 401, 404, 431, 0)
    assert sent < 64 << 20
    assert grown.mb < 60


def test_a_body_that_stops_is_not_waited_for_and_others_are_served_meanwhile(
    at_both: AtBoth,
) -> None:
    at_both(refuse_bodies_that_stop)


def refuse_bodies_that_stop(server: Server) -> None:
    with ExitStack() as clients:
        stopped = [clients.enter_context(server.client()) for _ in range(100)]
        for client in stopped:
            client.say(server.upload + chunk(b"{"))
        assert server.serves()
        assert {client.status() for client in stopped} == {408}


def test_whoever_takes_nothing_of_an_answer_is_let_go(at_both: AtBoth) -> None:
    at_both(let_one_go_that_takes_nothing)


def let_one_go_that_takes_nothing(server: Server) -> None:
    with server.client(takes_little=True) as client, growth_of(server.pid) as grown:
        client.say(server.large)
        wait_until(client.heard, what="the answer to begin")
        wait_until(
            lambda: client.port not in clients_of(server),
            what="the connection to be ended",
            poll_s=0.2,
        )
    assert grown.mb < 150


def test_whoever_takes_an_answer_slowly_gets_the_whole_of_it(api: Server) -> None:
    with api.client(takes_little=True) as client:
        client.say(head("GET", "/openapi.json", Connection="close"))
        wait_until(client.heard, what="an answer")
        assert client.rest() > 100_000
