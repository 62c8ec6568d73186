"""Ids of events are what they were in every release: a retry after an upgrade is the same event."""

import json
from typing import Any

import pytest

from tests.api.conftest import CARD, Bench, scan_of

PERSON = {"document_number": "051080000001"}
DECLARATION = {
    "document_number": "051190000123",
    "full_name": "Nguyễn Thị Hoà",
    "birth_date": "17/02/1990",
    "sex": "Nữ",
    "origin_code": "21025",
    "destination_code": "21439",
    "departure_at": "15/09/2021 10:00",
}
DOSE = PERSON | {
    "full_name": "A",
    "birth_date": "1980",
    "dose_number": 1,
    "product": "X",
    "administered_on": "2021-08-01",
}
TEST = PERSON | {"kind": "pcr", "result": "positive", "resulted_at": "2021-08-01T10:00"}
CASE = PERSON | {"onset_at": "2021-08-01T10:00"}
ORDER = PERSON | {
    "kind": "home_isolation",
    "unit_code": "21025",
    "begins_at": "2021-08-01T10:00",
}
CITIZEN = {"person_number": "051190000123", "full_name": "A", "birth_date": "1990"}
REMOVAL = {"person_number": "051190000123"}
BY_KEY = [
    ("/declarations", DECLARATION, "8b485c42-4d1f-5918-860d-939121a91b4c"),
    ("/vaccinations", DOSE, "4ebfd2ee-5c08-5cf8-873b-b1cc62e18c80"),
    ("/tests", TEST, "15a3a0dc-adae-5617-aa4b-dd94c7ef7280"),
    ("/cases", CASE, "800abedf-8c40-54b5-ba32-809f2a219712"),
    ("/orders", ORDER, "c96938b6-7c70-5b74-aab4-57d1af6aac76"),
    ("/scans", scan_of(CARD), "2f3272b6-e820-52d5-8a77-90f6e15546d7"),
    ("/registry/citizens", CITIZEN, "e07a3855-b1e5-5708-9024-dd1f72f20e37"),
    ("/registry/removals", REMOVAL, "f0ac4b95-ccf8-59fd-99bc-03a217d2fc1a"),
]
"""Ids of a single event whose request has the Idempotency-Key `k`."""
BY_ROW = [
    ("/declarations", DECLARATION, "f7c71179-3bee-55a4-9f6c-935c1933f454"),
    ("/vaccinations", DOSE, "33de9006-a8fb-5270-aa04-b55432692c08"),
    ("/tests", TEST, "f02236c4-b91b-522f-b0d5-ba067a7ebfb6"),
    ("/cases", CASE, "6307a038-a37d-5937-945c-a2d300f45ccc"),
    ("/orders", ORDER, "2c24ee0e-0cfb-547f-bd11-9690de642569"),
    ("/scans", scan_of(CARD), "22c4ef7f-3825-5787-9871-1836a2006a2e"),
    ("/registry/citizens", CITIZEN, "e07a3855-b1e5-5708-9024-dd1f72f20e37"),
    ("/registry/removals", REMOVAL, "f0ac4b95-ccf8-59fd-99bc-03a217d2fc1a"),
]
"""Ids of an event whose row gives it no id."""


@pytest.mark.parametrize(("path", "body", "event_id"), BY_KEY)
def test_a_request_with_a_key_makes_the_id_it_always_made(
    bench: Bench, path: str, body: dict[str, Any], event_id: str
) -> None:
    bench.post(path, body, **{"Idempotency-Key": "k"})
    assert [event.event_id for event in bench.broker.events] == [event_id]


@pytest.mark.parametrize(("path", "body", "event_id"), BY_ROW)
def test_a_row_without_an_id_makes_the_id_it_always_made(
    bench: Bench, path: str, body: dict[str, Any], event_id: str
) -> None:
    bench.post_table(f"{path}/batch", json.dumps(body), "application/x-ndjson")
    assert [event.event_id for event in bench.broker.events] == [event_id]
