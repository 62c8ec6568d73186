"""Contacts on lists are, or were, cases themselves: whether they are visited follows from that."""

from typing import Any
from uuid import uuid4

import pytest

from infra.tools.doors_client import DoorsClient
from tests.outbreak import CITY, DAY, RULES_ID, Outbreak, follow_up, wait_for_status
from tests.running_stack import RunningStack
from tests.waiting import wait_until

pytestmark = pytest.mark.live


def test_a_contact_who_is_a_case_themselves_is_treated_and_not_visited(
    stack: RunningStack, doors: DoorsClient
) -> None:
    outbreak, case_id = Outbreak(stack, doors), str(uuid4())
    outbreak.report()
    outbreak.hand_over()
    contact = outbreak.neighbours[0]
    report = {
        "case_id": case_id,
        "document_number": outbreak.number_of(contact),
        "sampled_at": "2021-10-08",
    }
    doors.post("/cases", report | {"reported_at": "2021-10-09"})
    own_case_ids = wait_until(
        lambda: outbreak.list_of(CITY)["lines"][0]["own_case_ids"], what="the case"
    )
    assert own_case_ids == [case_id]
    task = follow_up(doors, contact)
    assert task is not None
    assert task["status"] == "confirmed"
    assert task["own_case_ids"] == own_case_ids
    confirmed = doors.get("/follow-ups", day=DAY, status="confirmed", limit=100_000)
    assert confirmed["counts"]["confirmed"] >= 1
    day_before = follow_up(doors, contact, "2021-10-07")
    assert day_before is not None
    assert day_before["status"] == "due", "not ill yet"
    doors.post("/cases", report | {"status": "retracted", "reported_at": "2021-10-10"})
    wait_for_status(doors, contact, "due")


def test_a_contact_who_was_ill_long_ago_is_visited_when_they_are_met_again(
    stack: RunningStack, doors: DoorsClient
) -> None:
    """They were on a list that ended months before, and fell ill then."""
    outbreak = Outbreak(stack, doors)
    contact = outbreak.neighbours[0]
    number = outbreak.number_of(contact)
    earlier = Outbreak(stack, doors)
    stay = {
        "place": f"site:{earlier.site}-before",
        "from": "2021-06-05T08:00:00",
        "to": "2021-06-05T09:00:00",
    }
    for person in (number, earlier.number):
        doors.post("/presences", {"person": person, **stay})
    earlier.report(onset_at="2021-06-06", isolated_at="2021-06-07", reported_at="2021-06-07")
    earlier.hand_over(people=1, rules_id=RULES_ID, depth=1)
    doors.post(
        "/cases",
        {"document_number": number, "sampled_at": "2021-06-08", "reported_at": "2021-06-09"},
    )
    outbreak.report()
    outbreak.hand_over()

    def task_of_the_case() -> dict[str, Any] | None:
        task = follow_up(doors, contact)
        return task if task and task["own_case_ids"] else None

    task = wait_until(task_of_the_case, what="the task")
    assert task["status"] == "due"
    assert task["generation"] == 1
    assert task["case_ids"] == [outbreak.case_id]
    assert task["exposed_at"] == "2021-10-07T01:00:00Z"
    consequences = doors.get(f"/cases/{outbreak.case_id}/consequences")["people"]
    (person,) = [person for person in consequences if person["person_id"] == contact]
    assert person["other_case_ids"] == []
