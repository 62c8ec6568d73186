"""Bodies are too much: gigabytes, ten million rows, small ones that unfold.

Memory stays, the answer comes early, and others are served.
"""

import gzip
import threading
from collections.abc import Callable, Iterator
from functools import cache
from itertools import repeat
from typing import Any

import cramjam
import httpx2
import pytest
import zstandard

from infra.tools.doors_client import token_of
from tests.clickhouse_process import PASSWORDS, ClickHouseProcess
from tests.memory import growth_of
from tests.raw_http import RawClient, chunk, head
from tests.running_stack import RunningStack
from tests.waiting import BOUND_S

pytestmark = pytest.mark.live

GIGABYTE = 1 << 30
MEGABYTE = bytes(1 << 20)
ROWS = 10_000_000
PAUSE_S = 0.05
"""Time between two requests of whoever is not to be held up: they cost the processor, too."""


@pytest.fixture(scope="module")
def clickhouse(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ClickHouseProcess]:
    process = ClickHouseProcess(tmp_path_factory.mktemp("clickhouse") / "data")
    process.start()
    process.post("CREATE TABLE taken (a String) ENGINE = Null")
    yield process
    process.end()


def bearer(stack: RunningStack) -> str:
    return f"Bearer {token_of(stack.settings, 'admin')}"


def upload(stack: RunningStack, path: str, kind: str, **headers: str) -> bytes:
    return head("POST", path, Content_Type=kind, Authorization=bearer(stack), **headers)


@pytest.mark.parametrize(
    ("path", "max_bytes"), [("/declarations", 1_000_000), ("/declarations/batch", 64_000_000)]
)
def test_two_gigabytes_are_answered_before_they_are_sent(
    stack: RunningStack, path: str, max_bytes: int
) -> None:
    with growth_of(stack.pid("api")) as grown:
        with RawClient(stack.settings.api_port) as announcing:
            announcing.say(upload(stack, path, "text/csv", Content_Length=str(2 * GIGABYTE)))
            assert announcing.status() == 413
        with RawClient(stack.settings.api_port) as streaming:
            streaming.say(upload(stack, path, "text/csv", Transfer_Encoding="chunked"))
            sent = streaming.stream(repeat(chunk(MEGABYTE), 2 * GIGABYTE // len(MEGABYTE)))
            assert streaming.status() == 413
    assert sent < max_bytes + (64 << 20)
    assert grown.mb < 60


def test_ten_million_good_rows_are_over_the_limit_and_said_to_be(stack: RunningStack) -> None:
    rows = (b"051190%06d\n" % number * 100_000 for number in range(ROWS // 100_000))
    with growth_of(stack.pid("api")) as grown, RawClient(stack.settings.api_port) as client:
        client.say(
            upload(stack, "/registry/removals/batch", "text/csv", Transfer_Encoding="chunked")
            + chunk(b"person_number\n")
        )
        client.stream(chunk(piece) for piece in rows)
        assert client.status() == 413
    assert grown.mb < 60


@pytest.mark.parametrize(
    ("kind", "head_line", "row"),
    [("text/csv", b"person_number\n", b"1\n"), ("application/x-ndjson", b"", b"{}\n")],
    ids=["csv", "ndjson"],
)
def test_ten_million_wrong_rows_are_read_until_it_is_clear(
    stack: RunningStack, kind: str, head_line: bytes, row: bytes
) -> None:
    with growth_of(stack.pid("api")) as grown:
        answer = post_table(stack, kind, head_line + row * ROWS)
    assert answer["accepted"] == 0
    assert answer["stopped"] is not None
    assert 0 < answer["refused"] == len(answer["rows"]) < 30_000
    assert grown.mb < 120


@pytest.mark.parametrize(
    "lines", [6_000_000, pytest.param(60_000_000, marks=pytest.mark.long)], ids=["6 MB", "60 MB"]
)
def test_a_table_of_nothing_but_line_ends_holds_nobody_up(stack: RunningStack, lines: int) -> None:
    answers: list[dict[str, Any]] = []
    reader = threading.Thread(
        target=lambda: answers.append(post_table(stack, "application/x-ndjson", b"\n" * lines))
    )
    with growth_of(stack.pid("api")) as grown:
        reader.start()
        served = 0
        while reader.is_alive():
            served += httpx2.get(f"{stack.settings.api}/livez", timeout=BOUND_S).status_code == 200
            reader.join(PAUSE_S)
    assert answers[0]["accepted"] == 0
    assert answers[0]["refused"] == 0
    assert served > 2
    assert grown.mb < 60


def post_table(stack: RunningStack, kind: str, table: bytes) -> dict[str, Any]:
    headers = {"Content-Type": kind, "Authorization": bearer(stack)}
    response = httpx2.post(
        f"{stack.settings.api}/registry/removals/batch",
        content=table,
        headers=headers,
        timeout=BOUND_S,
    )
    assert response.status_code == 200
    result: dict[str, Any] = response.json()
    return result


BOMBS: dict[str, Callable[[], bytes]] = {
    "gzip": lambda: gzip.compress(bytes(64 << 20)) * 64,
    "zstd": lambda: zstandard.ZstdCompressor(level=1).compress(bytes(GIGABYTE)) * 4,
    "br": lambda: bytes(cramjam.brotli.compress(bytes(128 << 20), level=3)),
}
"""Each but the last unfolds to four gigabytes of zeros."""


@cache
def bomb(coding: str) -> bytes:
    return BOMBS[coding]()


@pytest.mark.parametrize("coding", BOMBS)
@pytest.mark.parametrize("statement", ["", "INSERT INTO taken FORMAT JSONEachRow"])
def test_a_bomb_ends_in_a_refusal_and_in_little_memory(
    clickhouse: ClickHouseProcess, coding: str, statement: str
) -> None:
    headers, params = {"Content-Encoding": coding}, {"query": statement} if statement else {}
    with growth_of(clickhouse.pid) as grown:
        answer = clickhouse.post(bomb(coding), headers=headers, params=params)
    assert answer.status >= 400
    assert grown.mb < 300
    assert clickhouse.post("SELECT 1").data == b"1\n"


@pytest.mark.parametrize("coding", BOMBS)
def test_a_bomb_at_the_doors_is_not_opened(stack: RunningStack, coding: str) -> None:
    headers = {
        "Content-Encoding": coding,
        "Authorization": bearer(stack),
        "Content-Type": "text/csv",
    }
    with growth_of(stack.pid("api")) as grown:
        answer = httpx2.post(
            f"{stack.settings.api}/declarations/batch",
            content=bomb(coding),
            headers=headers,
            timeout=BOUND_S,
        )
    assert answer.status_code == 415
    assert grown.mb < 60


def test_the_reader_cannot_fill_the_memory_with_a_form(clickhouse: ClickHouseProcess) -> None:
    account = httpx2.BasicAuth("reader", PASSWORDS["reader"])
    form = b'--x\r\nContent-Disposition: form-data; name="query"\r\n\r\n' + bytes(GIGABYTE)
    headers = {"Content-Type": "multipart/form-data; boundary=x", "Content-Encoding": "gzip"}
    with growth_of(clickhouse.pid) as grown:
        answer = httpx2.post(
            clickhouse.url,
            content=gzip.compress(form, 1),
            headers=headers,
            auth=account,
            timeout=BOUND_S,
        )
    assert answer.is_error
    assert grown.mb < 400
