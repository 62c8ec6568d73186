"""The doors for declarations: what is accepted, retried, taken back, and drawn as a code."""

import io
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import zxingcpp
from PIL import Image

from tests.api.conftest import Bench


def test_declaration_is_accepted_when_the_broker_has_it(
    bench: Bench, declaration: dict[str, Any]
) -> None:
    answer = bench.post("/declarations", declaration)
    event = bench.broker.events[0]
    assert (answer.status_code, answer.json()["declaration_id"]) == (202, event.declaration_id)
    assert (event.birth_date, event.sex, event.departure_at) == (
        "1990-02-17",
        "female",
        datetime(2021, 9, 15, 3, 0, tzinfo=UTC),
    )
    assert bench.broker.taken[0][1] == event.document_key


@pytest.mark.parametrize("retry", [{"declaration_id": "6b1cb393-7c88-5147-a23f-02a410209ab4"}, {}])
def test_a_retry_makes_the_same_ids(
    bench: Bench, declaration: dict[str, Any], retry: dict[str, str]
) -> None:
    answers = [
        bench.post("/declarations", declaration | retry, **{"Idempotency-Key": "trip-1"}).json()
        for _ in range(2)
    ]
    assert answers[0]["event_id"] == answers[1]["event_id"]
    assert answers[0]["declaration_id"] == answers[1]["declaration_id"]


def test_a_key_used_again_for_something_else_loses_nothing(
    bench: Bench, declaration: dict[str, Any]
) -> None:
    bodies = (declaration, declaration | {"destination_code": "21190"})
    answers = [
        bench.post("/declarations", body, **{"Idempotency-Key": "trip-1"}).json() for body in bodies
    ]
    assert answers[0]["event_id"] != answers[1]["event_id"]
    assert [event.destination_code for event in bench.broker.events] == ["21439", "21190"]


def test_every_field_at_fault_is_named_at_once_and_nothing_is_written(bench: Bench) -> None:
    wrong = {
        "document_number": "12345678901",
        "full_name": "",
        "birth_date": "31/02/1990",
        "origin_code": "1",
        "extra": 1,
    }
    answer = bench.post("/declarations", wrong)
    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")
    fields = {fault["field"] for fault in answer.json()["errors"]}
    assert fields >= {
        "document_number",
        "full_name",
        "birth_date",
        "origin_code",
        "destination_code",
        "departure_at",
        "extra",
    }
    assert bench.broker.taken == []


def test_number_that_contradicts_itself_is_taken_with_a_warning(
    bench: Bench, declaration: dict[str, Any]
) -> None:
    answer = bench.post("/declarations", declaration | {"document_number": "003090000123"})
    assert answer.status_code == 202
    assert {warning["code"] for warning in answer.json()["warnings"]} == {
        "cccd_sex",
        "cccd_unknown_province",
    }


def test_code_is_drawn_as_svg_and_png_and_reads_back(
    bench: Bench, declaration: dict[str, Any]
) -> None:
    accepted = bench.post(
        "/declarations", declaration | {"declared_at": datetime.now(UTC).isoformat()}
    ).json()
    png = bench.call("GET", accepted["qr"], headers={"Accept": "image/png"})
    found = zxingcpp.read_barcodes(Image.open(io.BytesIO(png.content)))
    assert [barcode.text for barcode in found] == [accepted["token"]]
    assert bench.call("GET", accepted["qr"], headers={"Accept": "image/svg+xml"}).text.startswith(
        "<?xml"
    )
    assert bench.call("GET", accepted["qr"], headers={"Accept": "text/plain"}).status_code == 406


def test_code_of_an_old_or_unknown_declaration_is_not_drawn(
    bench: Bench, declaration: dict[str, Any]
) -> None:
    accepted = bench.post(
        "/declarations", declaration | {"declared_at": "2021-09-15T08:00:00"}
    ).json()
    assert bench.call("GET", accepted["qr"]).status_code == 410
    assert (
        bench.call("GET", "/declarations/00000000-0000-0000-0000-000000000000/qr").status_code
        == 404
    )


def test_a_declaration_is_taken_back_under_its_document_once(
    bench: Bench, declaration: dict[str, Any]
) -> None:
    accepted = bench.post("/declarations", declaration).json()
    ids = {
        bench.post(
            f"/declarations/{accepted['declaration_id']}/cancellation",
            {"cancelled_at": "2021-09-15T08:00:00"},
        ).json()["event_id"]
        for _ in range(2)
    }
    submitted, cancelled, again = bench.broker.events
    assert ids == {cancelled.event_id} == {again.event_id}
    assert (cancelled.declaration_id, cancelled.document_key) == (
        submitted.declaration_id,
        submitted.document_key,
    )
    assert cancelled.cancelled_at == datetime(2021, 9, 15, 1, tzinfo=UTC)
    assert (
        bench.post(
            "/declarations/00000000-0000-0000-0000-000000000000/cancellation", {}
        ).status_code
        == 404
    )


def test_code_of_a_cancelled_or_replaced_declaration_is_drawn_no_more(
    bench: Bench, declaration: dict[str, Any]
) -> None:
    now = datetime.now(UTC)
    cancelled, replaced, newest = (
        bench.post(
            "/declarations",
            declaration | {"declared_at": (now - timedelta(hours=hours)).isoformat()},
        ).json()
        for hours in (3, 2, 1)
    )
    bench.post(f"/declarations/{cancelled['declaration_id']}/cancellation", {})
    bench.post("/declarations", declaration | {"replaces": replaced["declaration_id"]})
    answers = [bench.call("GET", answer["qr"]) for answer in (cancelled, replaced, newest)]
    assert [answer.status_code for answer in answers] == [410, 410, 200]
    assert answers[0].json()["type"].endswith("declaration-ended")
