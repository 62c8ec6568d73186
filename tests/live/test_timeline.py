"""A person's timeline gives everything in one answer.

A link moves everything to the right person, verdicts included.
"""

from collections.abc import Iterator
from random import randrange
from typing import Any
from uuid import uuid4

import pytest

from infra.tools.doors_client import DoorsClient
from schemas.domain.documents import Document, DocumentKind
from schemas.domain.pseudonyms import Pseudonyms
from tests.running_stack import RunningStack
from tests.waiting import wait_until

pytestmark = pytest.mark.live

CHECKPOINT = {"name": "Chốt", "unit_code": "21190", "valid_from": "2021-05-13"}
NAMED = {"full_name": "Trần Thị Mai", "birth_date": "1980-01-02", "sex": "female"}


@pytest.fixture
def doors(stack: RunningStack) -> Iterator[DoorsClient]:
    with DoorsClient(stack.settings, "admin") as doors:
        doors.put("/reference/checkpoints/of-the-timelines", CHECKPOINT)
        yield doors


def next_number() -> str:
    return f"051180{randrange(10**6):06d}"


def people_of(stack: RunningStack, number: str) -> tuple[str, str]:
    """Returns the person, and whom the old number stands for until the register knows it."""
    pseudonyms = Pseudonyms(stack.settings.person_key.get_secret_value())
    old_document = pseudonyms.document(Document(DocumentKind.CMND, number[-9:]))
    return pseudonyms.person(number), pseudonyms.person_of(old_document)


def show(doors: DoorsClient, number: str, at: str) -> str:
    """Has a person show the number at the checkpoint; returns the decision."""
    scan = {
        "shown": number,
        "checkpoint_id": "of-the-timelines",
        "direction": "in",
        "scanned_at": at,
    }
    return str(doors.post("/scans?wait_ms=30000", scan)["decision"])


def test_a_scan_that_a_link_moves_takes_its_verdict_along(
    stack: RunningStack, doors: DoorsClient
) -> None:
    number = next_number()
    old_number = number[-9:]
    person, stand_in = people_of(stack, number)
    decision = show(doors, old_number, "2021-10-05T08:00:00")

    def decisions(person_id: str) -> list[str]:
        items = doors.get(f"/people/{person_id}/timeline")["items"]
        return [item["what"]["decision"] for item in items if item["kind"] == "scan"]

    wait_until(lambda: decisions(stand_in) == [decision], what="the scan with its verdict")
    doors.post("/registry/citizens", {"person_number": number, "cmnd": old_number, **NAMED})
    wait_until(lambda: decisions(person) == [decision], what="the scan at the right person")
    wait_until(lambda: decisions(stand_in) == [], what="the stand-in to be empty")


def test_a_timeline_is_cut_at_its_limit_and_says_so(doors: DoorsClient) -> None:
    number = next_number()
    for hour in range(3):
        show(doors, number, f"2021-10-05T0{hour}:00:00")
    person = doors.get("/people/lookup", document=number)["person_id"]

    def scans(limit: int) -> tuple[int, bool]:
        timeline = doors.get(f"/people/{person}/timeline", limit=limit)
        return sum(item["kind"] == "scan" for item in timeline["items"]), timeline["truncated"]

    wait_until(lambda: scans(1_000) == (3, False), what="all three scans")
    assert doors.get(f"/people/{person}/timeline", limit=2)["truncated"] is True


def test_what_became_of_a_declaration_stands_in_the_timeline(doors: DoorsClient) -> None:
    number = next_number()
    journey = {
        "origin_code": "21025",
        "destination_code": "21439",
        "transport_mode": "bus",
        "departure_at": "2021-10-05T08:00:00",
    }

    def declare(**more: str) -> str:
        declaration = {"document_number": number, **NAMED, **journey, **more}
        return str(doors.post("/declarations", declaration)["declaration_id"])

    first = declare(declared_at="2021-10-04T08:00:00+07:00")
    second = declare(declared_at="2021-10-04T09:00:00+07:00", replaces=first)
    doors.post(
        f"/declarations/{second}/cancellation", {"cancelled_at": "2021-10-04T10:00:00+07:00"}
    )
    person = doors.get("/people/lookup", document=number)["person_id"]

    def fates() -> list[tuple[str, str]]:
        """Returns kind, and the declaration that is replaced or cancelled."""
        items = doors.get(f"/people/{person}/timeline")["items"]
        names = {"declaration": "replaces", "cancellation": "declaration_id"}
        fates = []
        for item in items:
            kind = item["kind"]
            if kind in names:
                fates.append((kind, item["what"][names[kind]]))
        return fates

    expected = [("declaration", ""), ("declaration", first), ("cancellation", second)]
    wait_until(lambda: fates() == expected, what="both declarations and the end of the second")


def test_a_test_result_stands_in_the_timeline_and_a_link_takes_it_along(
    stack: RunningStack, doors: DoorsClient
) -> None:
    number = next_number()
    person, stand_in = people_of(stack, number)
    result = {
        "kind": "rt_pcr",
        "result": "negative",
        "resulted_at": "2021-10-05T08:00:00",
        "laboratory": "CDC Quảng Ngãi",
    }
    doors.post("/tests", {"document_number": number[-9:], **result})

    def results(person_id: str) -> list[dict[str, str]]:
        items = doors.get(f"/people/{person_id}/timeline")["items"]
        return [item["what"] for item in items if item["kind"] == "test"]

    expected = [{"kind": "rt_pcr", "result": "negative", "laboratory": "CDC Quảng Ngãi"}]
    wait_until(lambda: results(stand_in) == expected, what="the result")
    doors.post("/registry/citizens", {"person_number": number, "cmnd": number[-9:], **NAMED})
    wait_until(lambda: results(person) == expected, what="the result at the right person")
    wait_until(lambda: results(stand_in) == [], what="the stand-in to be empty")


def test_what_somebody_told_of_their_ways_and_that_they_fell_ill_stands_in_the_timeline(
    doors: DoorsClient,
) -> None:
    number, case_id = next_number(), str(uuid4())
    stay = {
        "person": number,
        "place": "site:of-the-timelines",
        "from": "2021-10-05T08:00:00",
        "to": "2021-10-05T09:00:00",
    }
    doors.post("/presences", stay)
    report = {
        "case_id": case_id,
        "document_number": number,
        "onset_at": "2021-10-08",
        "reported_at": "2021-10-09T08:00",
    }
    doors.post("/cases", report)
    person = doors.get("/people/lookup", document=number)["person_id"]

    def both() -> list[dict[str, Any]] | None:
        items: list[dict[str, Any]] = doors.get(f"/people/{person}/timeline")["items"]
        return items if len(items) == 2 else None

    presence, case = wait_until(both, what="both")
    assert presence["at"] == "2021-10-05T01:00:00Z"
    assert presence["kind"] == "presence"
    assert presence["what"] == {
        "place": "site:of-the-timelines",
        "ended_at": "2021-10-05T02:00:00Z",
        "granularity": "minute",
    }
    assert case["at"] == "2021-10-09T01:00:00Z"
    assert case["kind"] == "case"
    assert case["what"]["case_id"] == case_id
    assert case["what"]["onset_at"] == "2021-10-07T17:00:00Z"
    assert case["what"]["isolated_at"] == ""
