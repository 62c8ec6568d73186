"""Bad input that schema-driven and random requests found at the doors, each once.

There are impossible times, made-up fields, packed bodies and absent clients.
"""

from typing import Any

import orjson
import pytest
from starlette.types import Message

from api.description import BEARER
from api.doors.batches import MAX_FAULTS
from api.http.problems import MAX_FAULTS_LISTED, MAX_NAME_CHARACTERS, MEDIA_TYPE
from api.openapi import description
from schemas.contract.errors import UnreadableDocument
from schemas.domain.documents import document
from tests.api.conftest import Bench

PERSON = "0" * 32
NDJSON = "application/x-ndjson"


@pytest.mark.parametrize(
    "at",
    ["0001-01-01T00:00:00", "9999-12-31T23:59:59-07:00", "01/01/0001", "1970-06-01", "2149-06-07"],
)
def test_a_time_no_table_can_hold_is_refused_by_field(
    bench: Bench, declaration: dict[str, Any], at: str
) -> None:
    asked = bench.call("GET", f"/people/{PERSON}/timeline", params={"from": at})
    written = bench.post("/declarations", declaration | {"departure_at": at})
    assert [
        (answer.status_code, answer.json()["errors"][0]["field"]) for answer in (asked, written)
    ] == [
        (422, "from"),
        (422, "departure_at"),
    ]
    assert bench.broker.taken == []


@pytest.mark.parametrize("day", ["0001-01-01", "1969-12-31", "9999-12-31"])
def test_a_day_no_table_can_hold_is_refused_before_it_stops_the_path(
    bench: Bench, day: str
) -> None:
    report = {"person_id": PERSON, "day": day, "status": "seen"}
    assert bench.call("GET", "/follow-ups", params={"day": day}).status_code == 422
    assert bench.post("/follow-ups", report).json()["errors"][0]["field"] == "day"
    assert (
        bench.post_table(
            "/follow-ups/batch", "person_id,day,status\n" + ",".join(report.values())
        ).json()["refused"]
        == 1
    )
    assert bench.broker.taken == []


def test_an_impossible_time_in_a_table_is_refused_with_its_row_and_the_others_go_in(
    bench: Bench, declaration: dict[str, Any]
) -> None:
    head, good = ",".join(declaration), ",".join(declaration.values())
    bad = good.replace(declaration["departure_at"], "0001-01-01T00:00:00")
    answer = bench.post_table("/declarations/batch", f"{head}\n{good}\n{bad}\n{good}\n").json()
    assert (answer["accepted"], [row["line"] for row in answer["rows"]]) == (2, [3])


@pytest.mark.parametrize(
    "after", ["x" * 69, f"{PERSON}.{'x' * 36}", f"{'X' * 32}.00000000-0000-0000-0000-000000000000"]
)
def test_a_made_up_cursor_is_refused(bench: Bench, after: str) -> None:
    assert bench.call("GET", "/flags", params={"after": after}).status_code == 422


@pytest.mark.parametrize("packed", ["gzip", "deflate", "br", "zstd", "gzip, identity"])
@pytest.mark.parametrize("path", ["/declarations", "/declarations/batch"])
def test_a_packed_body_is_refused_unopened(bench: Bench, path: str, packed: str) -> None:
    answer = bench.call(
        "POST",
        path,
        content=b"\x1f\x8b",
        headers={"Content-Encoding": packed, "Content-Type": NDJSON},
    )
    assert (answer.status_code, answer.headers["accept-encoding"]) == (415, "identity")


def test_a_body_said_to_be_plain_is_taken(bench: Bench, declaration: dict[str, Any]) -> None:
    assert (
        bench.post("/declarations", declaration, **{"Content-Encoding": "identity"}).status_code
        == 202
    )


@pytest.mark.parametrize(
    "body", [b"[" * 100_000, b'{"phone": ' + b"1" * 5_000 + b"}", b'{"full_name": "\xff"}', b"{"]
)
def test_a_body_that_is_not_json_is_refused(bench: Bench, body: bytes) -> None:
    answer = bench.call(
        "POST", "/declarations", content=body, headers={"Content-Type": "application/json"}
    )
    assert answer.status_code in (400, 422)
    assert answer.headers["content-type"] == MEDIA_TYPE


def test_a_row_of_made_up_fields_is_answered_with_as_many_faults_as_one_may_mend(
    bench: Bench,
) -> None:
    made_up = {f"{'x' * 200}{number}": 1 for number in range(1_000)}
    faults = bench.post("/declarations", made_up).json()["errors"]
    assert len(faults) == MAX_FAULTS_LISTED
    assert {len(fault["field"]) for fault in faults if fault["field"].startswith("x")} <= {
        MAX_NAME_CHARACTERS
    }


def test_a_table_that_is_wrong_throughout_is_read_no_further_than_its_answer_may_grow(
    bench: Bench,
) -> None:
    answer = bench.post_table("/vaccinations/batch", "{}\n" * (MAX_FAULTS + 5_000), NDJSON).json()
    assert (answer["accepted"], answer["stopped"] is None) == (0, False)
    assert answer["refused"] == len(answer["rows"]) < MAX_FAULTS


def test_a_table_that_grows_over_the_limit_is_413_and_none_of_it_is_written(bench: Bench) -> None:
    few = Bench(bench.settings.model_copy(update={"batch_max_bytes": 1_000}))
    with few.client:
        pieces = (b'{"person_number": "051190000123"}\n' for _ in range(1_000))
        answer = few.call(
            "POST", "/registry/removals/batch", content=pieces, headers={"Content-Type": NDJSON}
        )
    assert (answer.status_code, few.broker.taken) == (413, [])


def test_a_client_that_leaves_within_its_table_is_no_fault_of_ours(
    bench: Bench, capsys: pytest.CaptureFixture[str]
) -> None:
    messages: list[Message] = [
        {"type": "http.request", "body": b"{", "more_body": True},
        {"type": "http.disconnect"},
    ]
    headers = [(b"authorization", b"Bearer token-admin"), (b"content-type", NDJSON.encode())]
    scope = {
        "type": "http",
        "method": "POST",
        "path": "/vaccinations/batch",
        "headers": headers,
        "query_string": b"",
        "app": bench.app,
    }
    sent: list[Message] = []

    async def receive() -> Message:
        return messages.pop(0)

    async def send(message: Message) -> None:
        sent.append(message)

    bench.client.portal.call(bench.app, scope, receive, send)  # type: ignore[union-attr] # the client is open
    assert sent == []
    assert bench.broker.taken == []
    assert "request failed" not in "".join(capsys.readouterr())


def test_a_long_text_around_a_number_is_refused_and_not_remembered() -> None:
    with pytest.raises(UnreadableDocument):
        document.parse_document(None, " " * 1_000_000 + "051190000123")
    assert (
        document.parse_document(None, " " * (document.MAX_TEXT_LENGTH - 12) + "051190000123").number
        == "051190000123"
    )


def test_the_description_says_who_needs_a_token_and_what_a_problem_looks_like() -> None:
    said = orjson.loads(description())
    assert said["components"]["securitySchemes"][BEARER]["scheme"] == "bearer"
    assert said["paths"]["/scans"]["post"]["security"] == [{BEARER: []}]
    assert "security" not in said["paths"]["/livez"]["get"]
    assert set(said["paths"]["/scans"]["post"]["responses"]["422"]["content"]) == {MEDIA_TYPE}
    assert {"406", "410"} <= set(
        said["paths"]["/declarations/{declaration_id}/qr"]["get"]["responses"]
    )


def test_a_wrong_method_is_told_every_right_one(bench: Bench) -> None:
    answer = bench.call("DELETE", "/follow-ups")
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, POST")
