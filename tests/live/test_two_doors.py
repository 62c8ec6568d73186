"""Two doors work over the same broker and tables: what one accepts the other knows.

An id is of what was accepted under it first, at every door, also after a restart. Nobody gets
another person's verdict.
"""

import asyncio
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID, uuid4

import httpx2
import pytest

from api.backends.clickhouse import ReadSide
from infra.kafka.producer import BatchProducer, Output
from infra.kafka.registry import Registry
from infra.tools.doors_client import DoorsClient, Refused
from schemas.contract.codec import Codec
from schemas.contract.topics import CHECKPOINT_SCANS
from schemas.domain.documents import Document, DocumentKind
from schemas.domain.pseudonyms import Pseudonyms
from tests.clickhouse_process import free_port
from tests.live.part_clients import clickhouse_call
from tests.running_stack import RunningStack
from tests.streams import people
from tests.waiting import BOUND_S, wait_until

pytestmark = pytest.mark.live

DECLARER = "051180668301"
STRANGER = "051180668302"
POST = "two-doors"
TIMES = 20
ACCEPTED_FOR_S = 1.0
"""An id is refused at every door once it has been accepted for so long: the promise is a time."""


class Door(DoorsClient):
    """A client of one door, which also tells how a request was refused."""

    def __init__(self, stack: RunningStack, port: int) -> None:
        super().__init__(stack.settings.model_copy(update={"api_port": port}), "admin")

    def status(self, method: str, path: str, body: Any = None) -> int:
        return self.answer(method, path, body).status_code

    def answer(self, method: str, path: str, body: Any = None) -> httpx2.Response:
        return self._http.request(method, path, json=body)


@pytest.fixture(scope="module", autouse=True)
def checkpoint(stack: RunningStack) -> None:
    described = {"name": "Chốt", "unit_code": "21481", "valid_from": "2021-11-01"}
    with Door(stack, stack.settings.api_port) as door:
        door.put(f"/reference/checkpoints/{POST}", described)


@pytest.fixture
def first(stack: RunningStack) -> Iterator[Door]:
    with Door(stack, stack.settings.api_port) as door:
        yield door


@pytest.fixture(scope="module")
def second_port(stack: RunningStack) -> Iterator[int]:
    """Runs the second door as long as the tests of this file need one."""
    port = free_port()
    env = stack.env | {"DIBIENDONG_API_PORT": str(port)}
    process = subprocess.Popen([sys.executable, "-m", "api"], env=env, stdout=subprocess.DEVNULL)
    with Door(stack, port) as door:
        wait_until(lambda: _is_ready(door), what="the second door to be ready")
    yield port
    process.terminate()
    process.wait(timeout=BOUND_S)


@pytest.fixture
def second(stack: RunningStack, second_port: int) -> Iterator[Door]:
    with Door(stack, second_port) as door:
        yield door


def _is_ready(door: Door) -> bool:
    try:
        return door.status("GET", "/readyz") == httpx2.codes.OK
    except httpx2.HTTPError:
        return False


def journey(number: str = DECLARER, **more: Any) -> dict[str, Any]:
    return {
        "document_number": number,
        "full_name": "Trần Thị Mai",
        "birth_date": "1980",
        "origin_code": "21025",
        "destination_code": "21439",
        "departure_at": "2021-11-02T07:00:00",
    } | more


def scan_of(number: str, scan_id: str) -> dict[str, Any]:
    return {
        "scan_id": scan_id,
        "shown": number,
        "checkpoint_id": POST,
        "direction": "in",
        "scanned_at": "2021-11-02T08:00:00",
    }


def test_what_was_declared_at_one_door_is_cancelled_at_the_other_at_once(
    first: Door, second: Door
) -> None:
    for _ in range(TIMES):
        declared = first.post("/declarations", journey())
        path = f"/declarations/{declared['declaration_id']}"
        assert second.status("POST", f"{path}/cancellation") == 202
        wait_until(
            partial(has_ended, first, f"{path}/qr"),
            ACCEPTED_FOR_S,
            what="the end of its code at the first door",
        )


def test_an_id_is_refused_at_the_other_door_a_second_later(first: Door, second: Door) -> None:
    ids = [str(uuid4()) for _ in range(TIMES)]
    for used_id in ids:
        first.post("/scans?wait_ms=0", scan_of(DECLARER, used_id))
        first.post("/declarations", journey(declaration_id=used_id))
    time.sleep(ACCEPTED_FOR_S)
    for used_id in ids:
        assert second.status("POST", "/scans", scan_of(STRANGER, used_id)) == 409
        other = journey(STRANGER, declaration_id=used_id)
        assert second.status("POST", "/declarations", other) == 409


def test_rows_of_a_table_are_refused_where_their_id_is_of_something_else(
    first: Door, second: Door
) -> None:
    used, fresh, twice = str(uuid4()), str(uuid4()), str(uuid4())
    first.post("/scans?wait_ms=0", scan_of(DECLARER, used))
    declared = first.post("/declarations", journey())["declaration_id"]
    time.sleep(ACCEPTED_FOR_S)
    rows = [
        scan_of(STRANGER, used),
        scan_of(STRANGER, fresh),
        scan_of(DECLARER, used),
        scan_of(DECLARER, twice),
        scan_of(STRANGER, twice),
    ]
    result = second.post_rows("/scans/batch", rows)
    assert (result["accepted"], [row["line"] for row in result["rows"]]) == (3, [1, 5])
    assert {row["errors"][0]["field"] for row in result["rows"]} == {"scan_id"}

    others = [journey(STRANGER, declaration_id=declared)]
    result = second.post_rows("/declarations/batch", others)
    assert (result["accepted"], result["rows"][0]["errors"][0]["field"]) == (0, "declaration_id")


def test_an_id_is_refused_after_the_door_was_restarted(stack: RunningStack, first: Door) -> None:
    scan_id = str(uuid4())
    verdict = first.post("/scans?wait_ms=30000", scan_of(DECLARER, scan_id))
    stack.kill("api")
    stack.wait_ready("api")
    with Door(stack, stack.settings.api_port) as again:
        with pytest.raises(Refused, match="409"):
            again.post("/scans?wait_ms=2000", scan_of(STRANGER, scan_id))
        told = again.get(f"/scans/{scan_id}/verdict")
        assert told["reasons"] == verdict["reasons"]


def test_a_door_that_remembers_nothing_goes_by_what_is_stored(
    stack: RunningStack, first: Door
) -> None:
    one = str(uuid4())
    first.post("/scans?wait_ms=0", scan_of(DECLARER, one))
    first.post("/declarations", journey(declaration_id=one))
    for table, column in (
        ("verdicts", "scan_id"),
        ("scans", "scan_id"),
        ("declarations_by_id", "declaration_id"),
    ):
        wait_until(
            partial(rows_of, stack, table, column, one),
            what=f"the id to be in {table}",
            poll_s=0.5,
        )
    assert asyncio.run(documents_stored(stack, one)) == [1] * 5


async def documents_stored(stack: RunningStack, one: str) -> list[int]:
    """Returns of how many documents an id is, by each query to ClickHouse about ids."""
    read_side = ReadSide(stack.settings)
    names = ("documents_of_scans", "documents_of_earlier_scans", "documents_of_declarations")
    try:
        single = await read_side.ask("border/document_of_scan", {"scan_id": one})
        documents = [len(single), len(await read_side.declarations(UUID(one)))]
        for name in names:
            rows = await read_side.ask_with(f"border/{name}", {}, "ids", "id UUID", [(one,)])
            documents.append(len(rows))
        return documents
    finally:
        await read_side.close()


def has_ended(door: Door, code: str) -> bool:
    return door.status("GET", code) == httpx2.codes.GONE


def rows_of(stack: RunningStack, table: str, column: str, value: str) -> int:
    query = f"SELECT count() FROM {stack.settings.clickhouse_database}.{table} FINAL"
    return int(clickhouse_call(stack.settings, f"{query} WHERE {column} = '{value}'"))


def test_of_two_scans_at_the_same_moment_each_gets_its_own_verdict_or_none(
    stack: RunningStack, first: Door, second: Door
) -> None:
    """Two doors take one id for two documents before either can know of the other."""
    declared = {"declared_at": "2021-11-02T06:00:00"}
    first.post("/declarations", journey(DECLARER, **declared))
    scans = {number: scan_of(number, str(uuid4())) for number in (DECLARER, STRANGER)}
    own: dict[str, list[str]] = {}
    for number, scan in scans.items():
        verdict = first.post("/scans?wait_ms=30000", scan)
        own[number] = [reason["code"] for reason in verdict["reasons"]]
    assert own[DECLARER] != own[STRANGER]
    contested = ""
    with ThreadPoolExecutor(2) as threads:
        for _ in range(TIMES):
            scan_id = str(uuid4())
            answers = {
                number: threads.submit(
                    door.answer, "POST", "/scans?wait_ms=30000", scan_of(number, scan_id)
                )
                for number, door in ((DECLARER, first), (STRANGER, second))
            }
            taken = [_own_verdict(answer.result(), own[n]) for n, answer in answers.items()]
            if all(taken):
                for door in (first, second):
                    assert door.status("GET", f"/scans/{scan_id}/verdict") == 409
                contested = scan_id
    if not contested:
        return  # the doors never took an id at the same moment
    wait_until(
        lambda: rows_of(stack, "verdicts", "scan_id", contested) == 2,
        what="both verdicts to be in ClickHouse",
        poll_s=0.5,
    )


def test_of_two_documents_under_one_id_the_one_received_second_is_flagged(
    stack: RunningStack, first: Door, second: Door
) -> None:
    """The log gets what two doors write that take an id at the same moment; both notice it."""
    pseudonyms = Pseudonyms(stack.settings.person_key.get_secret_value())
    keys = [pseudonyms.document(Document(DocumentKind.CCCD, n)) for n in (DECLARER, STRANGER)]
    earlier = people.scan("one id", document_key=keys[0])
    received_at = earlier.received_at + timedelta(milliseconds=1)
    later = people.scan("one id", document_key=keys[1], received_at=received_at)
    codec = Codec(Registry(stack.settings))
    outputs = [
        Output(CHECKPOINT_SCANS, event.document_key, codec.encode(event))
        for event in (later, earlier)
    ]
    asyncio.run(BatchProducer(stack.settings).write(outputs))
    where = f"rule = 'reused_id' AND subject = '{earlier.event_id}'"
    flags = f"FROM {stack.settings.clickhouse_database}.flags FINAL WHERE {where}"
    wait_until(
        lambda: int(clickhouse_call(stack.settings, f"SELECT count() {flags}")) > 0,
        what="the flag of the reuse",
        poll_s=0.5,
    )
    person_id = clickhouse_call(stack.settings, f"SELECT DISTINCT person_id {flags}").strip()
    assert person_id == pseudonyms.person(STRANGER)


def _own_verdict(answer: httpx2.Response, own_reasons: list[str]) -> bool:
    """Returns whether the scan was taken, and got its own verdict then; else it was refused."""
    if answer.status_code == 409:
        return False
    assert answer.status_code == 200
    assert [reason["code"] for reason in answer.json()["reasons"]] == own_reasons
    return True
