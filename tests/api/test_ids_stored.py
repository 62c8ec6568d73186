"""An id is held against what is stored of it, and against what other doors just accepted.

ClickHouse never costs a checkpoint its posts.
"""

import asyncio
import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
from msgspec.structs import replace

from api.backends import ids_in_use
from infra.errors import Unavailable
from schemas.contract.events import CheckpointScanned, VerdictReached
from tests.api.conftest import Bench, scan_of, verdict_on

HOA = "051190000123"
OTHER = "212345678"
DECLARED_AT = datetime(2021, 9, 15, 3, tzinfo=UTC)


class StoredIds:
    """It answers the queries about ids from what is stored, and counts them."""

    def __init__(self, bench: Bench) -> None:
        self._bench = bench
        self.documents: dict[str, str] = {}
        self.asked: list[list[str]] = []
        self.fails: Exception | None = None
        self.hangs = False

    def put(self, number: str) -> str:
        """Stores an id of this document, and returns it."""
        one = str(uuid4())
        self.documents[one] = key_of(self._bench, number)
        return one

    async def ask_with(
        self, name: str, parameters: Any, table: str, structure: str, rows: Any
    ) -> list[dict[str, Any]]:
        assert name.startswith("border/documents_of_")
        return await self._answer([row[0] for row in rows])

    async def ask(self, name: str, parameters: Any) -> list[dict[str, Any]]:
        if name != "border/document_of_scan":
            return []
        return await self._answer([parameters["scan_id"]])

    async def declarations(self, declaration_id: UUID) -> dict[str, datetime]:
        rows = await self._answer([str(declaration_id)])
        return {row["document_key"]: row["declared_at"] for row in rows}

    async def _answer(self, ids: list[str]) -> list[dict[str, Any]]:
        self.asked.append(ids)
        if self.fails:
            raise self.fails
        if self.hangs:
            await asyncio.sleep(30)
        answer = []
        for event_id in ids:
            if event_id in self.documents:
                row = {"id": event_id, "document_key": self.documents[event_id]}
                answer.append(row | {"declared_at": DECLARED_AT})
        return answer


def key_of(bench: Bench, number: str) -> str:
    """Returns the pseudonym of a document, as a door makes it."""
    bench.post("/scans?wait_ms=0", scan_of(number))
    _, key, _ = bench.broker.taken.pop()
    assert key is not None
    return key


def test_a_scan_of_an_earlier_release_is_found_by_its_row(
    bench: Bench, stored: StoredIds, monkeypatch: pytest.MonkeyPatch
) -> None:
    used = stored.put(HOA)

    async def verdict_without_document(name: str, parameters: Any) -> list[dict[str, Any]]:
        return [{"id": used, "document_key": ""}]

    monkeypatch.setattr(bench.read_side, "ask", verdict_without_document)
    assert bench.post("/scans", scan_of(OTHER, scan_id=used)).status_code == 409
    assert bench.post("/scans", scan_of(HOA, scan_id=used)).status_code == 202


@pytest.fixture
def stored(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> StoredIds:
    stored = StoredIds(bench)
    for name in ("ask", "ask_with", "declarations"):
        monkeypatch.setattr(bench.read_side, name, getattr(stored, name))
    return stored


def table_of(rows: Sequence[dict[str, Any]]) -> bytes:
    return b"\n".join(json.dumps(row).encode() for row in rows)


def test_a_scan_id_that_is_stored_is_its_documents_alone(bench: Bench, stored: StoredIds) -> None:
    used = stored.put(HOA)
    answer = bench.post("/scans", scan_of(OTHER, scan_id=used))
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (409, "scan_id")
    assert bench.post("/scans", scan_of(HOA, scan_id=used)).status_code == 202
    assert bench.post("/scans", scan_of(OTHER)).status_code == 202
    assert stored.asked == [[used]], "what was learnt is known, and a new id is never asked about"


def test_a_declaration_id_that_is_stored_is_its_documents_alone(
    bench: Bench, stored: StoredIds, declaration: dict[str, Any]
) -> None:
    used = declaration | {"declaration_id": stored.put(HOA)}
    answer = bench.post("/declarations", used | {"document_number": OTHER})
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (409, "declaration_id")
    answer = bench.post("/declarations", used | {"declared_at": "2021-09-15T03:00:01Z"})
    assert answer.status_code == 409, "the same document, another declaration"
    answer = bench.post("/declarations", used)
    assert answer.status_code == 202
    assert answer.json()["valid_until"] < "2021-10", "a retry's code counts from the first time"
    assert len(bench.broker.events) == 1


def test_a_table_asks_once_and_refuses_the_rows_whose_ids_are_in_use(
    bench: Bench, stored: StoredIds, declaration: dict[str, Any]
) -> None:
    used, twice = stored.put(HOA), str(uuid4())
    rows = [
        scan_of(OTHER, scan_id=used),
        scan_of(HOA, scan_id=used),
        scan_of(OTHER, scan_id=twice),
        {"scan_id": "rubbish"},
        scan_of(HOA, scan_id=twice),
        scan_of(OTHER, scan_id=twice),
    ]
    result = bench.post_table("/scans/batch", table_of(rows), "application/x-ndjson").json()
    assert (result["accepted"], result["refused"]) == (3, 3)
    assert [row["line"] for row in result["rows"]] == [1, 4, 5]
    assert result["rows"][0]["errors"] == [{"field": "scan_id", "reason": "it is another scan's"}]
    assert len(stored.asked) == 1
    assert sorted(stored.asked[0]) == sorted((used, twice))

    others = [declaration | {"declaration_id": used, "document_number": OTHER}]
    result = bench.post_table("/declarations/batch", table_of(others), "application/x-ndjson")
    assert result.json()["rows"][0]["errors"][0]["field"] == "declaration_id"
    assert len(bench.broker.events) == 3


def test_clickhouse_that_is_away_costs_no_scan(bench: Bench, stored: StoredIds) -> None:
    stored.fails = Unavailable("clickhouse", "it is told to be away")
    for _ in range(3):
        answer = bench.post("/scans", scan_of(HOA, scan_id=str(uuid4())))
        assert answer.status_code == 202
    rows = [scan_of(HOA, scan_id=str(uuid4())), scan_of(OTHER, scan_id=str(uuid4()))]
    result = bench.post_table("/scans/batch", table_of(rows), "application/x-ndjson").json()
    assert result["accepted"] == 2
    assert len(stored.asked) == 1, "not every post waits for it"


def test_clickhouse_that_hangs_holds_one_scan_up_for_a_bounded_time(
    bench: Bench, stored: StoredIds, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ids_in_use, "ONE_WAITS_S", 0.1)
    stored.hangs = True
    for _ in range(3):
        assert bench.post("/scans", scan_of(HOA, scan_id=str(uuid4()))).status_code == 202
    assert len(stored.asked) == 1


def test_an_id_that_is_on_its_way_is_taken_for_no_other_document(bench: Bench) -> None:
    """The first event is not acknowledged by Kafka yet when the second comes in."""
    own, other = key_of(bench, HOA), key_of(bench, OTHER)
    bench.post("/scans", scan_of(HOA))
    scan: CheckpointScanned = bench.broker.events[-1]
    accepted = bench.doors.accepted
    assert accepted.claim_scan(replace(scan, event_id="x", document_key=own))
    assert not accepted.claim_scan(replace(scan, event_id="x", document_key=other))
    assert accepted.claim_scan(replace(scan, event_id="x", document_key=own))


def test_what_another_door_accepted_is_known_here(
    bench: Bench, declaration: dict[str, Any]
) -> None:
    elsewhere = Bench(bench.settings)
    with elsewhere.client:
        told = elsewhere.post("/declarations", declaration | {"declared_at": None}).json()
        elsewhere.post("/scans?wait_ms=0", scan_of(HOA, scan_id=str(uuid4())))
        submitted, scanned = elsewhere.broker.events
    assert bench.call("GET", told["qr"]).status_code == 404
    bench.doors.accepted.note(submitted)
    bench.doors.accepted.note(scanned)
    assert bench.call("GET", told["qr"]).status_code == 200
    assert bench.post("/scans", scan_of(OTHER, scan_id=scanned.event_id)).status_code == 409
    cancellation = f"/declarations/{told['declaration_id']}/cancellation"
    assert bench.post(cancellation, None).status_code == 202
    assert bench.call("GET", told["qr"]).status_code == 410


def test_an_id_that_two_doors_took_at_once_names_neither(
    bench: Bench, declaration: dict[str, Any]
) -> None:
    scan_id = str(uuid4())
    bench.post("/scans", scan_of(HOA, scan_id=scan_id))
    bench.post("/declarations", declaration)
    scan, declared = bench.broker.events
    bench.doors.verdicts.reach(verdict_on(scan))
    assert bench.call("GET", f"/scans/{scan_id}/verdict").status_code == 200
    other = key_of(bench, OTHER)
    bench.doors.accepted.note(replace(scan, document_key=other))
    bench.doors.accepted.note(replace(declared, document_key=other))
    assert bench.call("GET", f"/scans/{scan_id}/verdict").status_code == 409
    override = {"decision": "pass", "reason": "papers_seen"}
    assert bench.post(f"/scans/{scan_id}/override", override).status_code == 409
    path = f"/declarations/{declared.declaration_id}"
    assert bench.call("GET", f"{path}/qr").status_code == 409
    assert bench.post(f"{path}/cancellation", None).status_code == 409
    for number in (HOA, OTHER):
        again = bench.post("/scans", scan_of(number, scan_id=scan_id))
        assert again.status_code in (200, 202), "a retry of either is harmless"


def test_a_waiting_scan_gets_the_verdict_of_its_own_document_alone(bench: Bench) -> None:
    scan_id = str(uuid4())
    bench.post("/scans", scan_of(HOA, scan_id=scan_id))
    own = verdict_on(bench.broker.events[-1])
    other = replace(own, document_key=key_of(bench, OTHER), decision="turn_back")
    verdicts = bench.doors.verdicts
    verdicts.reach(other)
    assert bench.post("/scans", scan_of(HOA, scan_id=scan_id)).status_code == 202
    verdicts.reach(own)
    answer = bench.post("/scans", scan_of(HOA, scan_id=scan_id))
    assert (answer.status_code, answer.json()["decision"]) == (200, own.decision)


def test_stored_verdicts_of_two_documents_are_told_to_nobody(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench.post("/scans", scan_of(HOA))
    own = verdict_on(bench.broker.events[-1])
    rows: list[VerdictReached] = [own]

    async def verdicts(scan_id: UUID) -> list[VerdictReached]:
        return rows

    monkeypatch.setattr(bench.read_side, "verdicts", verdicts)
    path = f"/scans/{own.scan_id}/verdict"
    assert bench.call("GET", path).status_code == 200
    rows.append(replace(own, document_key=None))
    assert bench.call("GET", path).status_code == 200, "one of an earlier release, of one person"
    rows.append(replace(own, document_key="f" * 32))
    assert bench.call("GET", path).status_code == 409
