"""The door for orders: what is taken, what is refused by field, and a later word on an order."""

from typing import Any

import pytest

from schemas.contract.ids import derive_id
from tests.api.conftest import Bench

ORDER = {
    "document_number": "051190000123",
    "kind": "home_isolation",
    "unit_code": "21439",
    "begins_at": "2021-09-15T08:00:00",
}


def test_a_later_word_is_of_the_same_order_and_another_event(bench: Bench) -> None:
    said = ORDER | {"ends_at": "2021-09-29", "issued_at": "2021-09-15T07:00:00"}
    first = bench.post("/orders", said).json()
    again = bench.post("/orders", said | {"order_id": first["order_id"]}).json()
    longer = bench.post(
        "/orders", ORDER | {"ends_at": "2021-10-06", "order_id": first["order_id"]}
    ).json()
    assert first == again
    assert (longer["order_id"], longer["event_id"] != first["event_id"]) == (
        first["order_id"],
        True,
    )
    assert [event.order_id for event in bench.broker.events] == [first["order_id"]] * 3


def test_a_word_without_a_time_is_said_anew_each_time_unless_it_is_a_retry(bench: Bench) -> None:
    """An order that was lifted by mistake is in force again once its first word is said again."""
    order_id = bench.post("/orders", ORDER).json()["order_id"]
    said, retried = ORDER | {"order_id": order_id}, {"Idempotency-Key": "again"}
    plain: dict[str, str] = {}
    ids = [
        bench.post("/orders", said, **more).json()["event_id"]
        for more in (plain, plain, retried, retried)
    ]
    assert len(set(ids)) == 3 and ids[2] == ids[3]


def test_a_committee_orders_for_those_of_its_area_alone(bench: Bench) -> None:
    answer = bench.post("/orders", ORDER, "committee@21025")
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (403, "unit_code")
    assert (
        bench.post("/orders", ORDER | {"unit_code": "21025"}, "committee@21025").status_code == 202
    )
    rows = (
        "document_number,kind,unit_code,begins_at\n"
        f"051190000123,quarantine,21439,{ORDER['begins_at']}\n"
    )
    table = bench.call(
        "POST",
        "/orders/batch",
        "committee@21025",
        content=rows,
        headers={"Content-Type": "text/csv"},
    ).json()
    assert (table["accepted"], table["rows"][0]["errors"][0]["field"]) == (0, "unit_code")


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"ends_at": "2021-09-15T08:00:00"}, "ends_at"),
        ({"status": "lifted"}, "order_id"),
        ({"kind": "house arrest"}, "kind"),
        ({"unit_code": "99999"}, "unit_code"),
        ({"begins_at": None}, "begins_at"),
        ({"document_number": "1"}, "document_number"),
    ],
)
def test_what_does_not_fit_is_named_and_nothing_is_written(
    bench: Bench, said: dict[str, Any], field: str
) -> None:
    answer = bench.post("/orders", ORDER | said)
    assert answer.status_code == 422
    assert any(
        field in (fault["field"], fault["reason"].split()[0], *fault["reason"].split())
        for fault in answer.json()["errors"]
    )
    assert bench.broker.taken == []


def test_orders_come_as_tables(bench: Bench) -> None:
    order_id = derive_id("order", "of the test")
    table = "order_id,document_number,kind,unit_code,begins_at,ends_at\n" + "\n".join(
        f"{order_id},051190000123,{kind},21439,2021-09-15,2021-09-29"
        for kind in ("quarantine", "none")
    )
    answer = bench.post_table("/orders/batch", table + "\n").json()
    assert (answer["accepted"], answer["rows"][0]["errors"][0]["field"]) == (1, "kind")
    assert [(event.order_id, event.kind) for event in bench.broker.events] == [
        (order_id, "quarantine")
    ]
