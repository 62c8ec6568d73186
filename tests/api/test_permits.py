"""The doors for green lane permits: plates and crews leave as pseudonyms.

Tables and decrees are taken, and faults are named.
"""

from datetime import UTC, datetime
from typing import Any

import pytest

from schemas.domain.documents import Document, DocumentKind
from tests.api.conftest import Bench

PERMIT = {
    "plate": "76c 123.45",
    "trailer_plate": "76R-000.01",
    "crew": ["051190000123"],
    "valid_from": "2021-09-10",
    "valid_to": "2021-09-20",
}


def test_plates_and_crew_leave_as_pseudonyms_however_they_are_written(bench: Bench) -> None:
    for plate in ("76c 123.45", "76C-12345"):
        assert (
            bench.call("PUT", "/reference/permits/LX-1", json=PERMIT | {"plate": plate}).status_code
            == 200
        )
    first, second = bench.broker.events
    assert first.vehicle_key == second.vehicle_key == bench.pseudonyms.vehicle("76C12345")
    assert first.trailer_key == bench.pseudonyms.vehicle("76R00001")
    assert first.crew_keys == [
        bench.pseudonyms.document(Document(DocumentKind.CCCD, "051190000123"))
    ]


def test_a_permit_that_is_good_until_a_day_is_good_on_that_day(bench: Bench) -> None:
    """Đến ngày 20/9: the whole of it, also where a decree names the day."""
    bench.call("PUT", "/reference/permits/LX-1", json=PERMIT)
    bench.post(
        "/reference/permits/extensions",
        {"ending_from": "2021-09-20", "ending_to": "2021-09-20", "extended_to": "2021-10-01"},
    )
    permit, decree = bench.broker.events
    assert permit.valid_to == datetime(2021, 9, 20, 16, 59, 59, 999_000, UTC)
    assert decree.ending_from <= permit.valid_to <= decree.ending_to


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"plate": "?"}, "plate"),
        ({"valid_to": "2021-09-01"}, "valid_to"),
        ({"crew": ["12"]}, "crew"),
        ({"roads": 7}, "roads"),
    ],
)
def test_what_does_not_fit_is_named(bench: Bench, said: dict[str, Any], field: str) -> None:
    answer = bench.call("PUT", "/reference/permits/LX-1", json=PERMIT | said)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == field
    assert bench.broker.taken == []


def test_a_whole_list_comes_as_a_table(bench: Bench) -> None:
    table = "permit_id,plate,trailer_plate,crew,roads,valid_from,valid_to\n"
    table += (
        "LX-1,76C-123.45,,051190000123; 051190000124,"
        "cao tốc Đà Nẵng - Quảng Ngãi; QL24,2021-09-10,2021-09-20\n"
    )
    table += "LX-2,no plate,,,,2021-09-10,\n"
    answer = bench.post_table("/reference/permits/batch", table).json()
    assert (answer["accepted"], answer["rows"][0]["errors"][0]["field"]) == (1, "plate")
    assert (bench.broker.events[0].roads, len(bench.broker.events[0].crew_keys)) == (
        ["cao tốc Đà Nẵng - Quảng Ngãi", "QL24"],
        2,
    )


def test_a_decree_is_in_order_or_refused(bench: Bench) -> None:
    decree = {"ending_from": "2021-09-20", "ending_to": "2021-09-21", "extended_to": "2021-10-01"}
    assert bench.post("/reference/permits/extensions", decree).status_code == 200
    assert (
        bench.post(
            "/reference/permits/extensions", decree | {"extended_to": "2021-09-21"}
        ).status_code
        == 422
    )
    assert [type(event).__name__ for event in bench.broker.events] == ["PermitsExtended"]
