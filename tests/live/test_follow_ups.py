"""Contacts are followed day by day until the end that their last exposure sets."""

from typing import Any

import pytest

from infra.tools.doors_client import DoorsClient
from tests.outbreak import CITY, Outbreak
from tests.running_stack import RunningStack
from tests.waiting import wait_until

pytestmark = pytest.mark.live


def test_contacts_are_followed_day_by_day_until_the_end_that_their_last_exposure_sets(
    stack: RunningStack, doors: DoorsClient
) -> None:
    outbreak = Outbreak(stack, doors)
    outbreak.report()
    outbreak.hand_over()
    contact = outbreak.neighbours[0]

    def task(day: str) -> dict[str, Any] | None:
        tasks = doors.get("/follow-ups", unit_code=CITY, day=day, limit=100_000)["tasks"]
        return next((task for task in tasks if task["person_id"] == contact), None)

    assert task("2021-10-06") is None
    assert task("2021-10-07") is not None
    assert task("2021-10-21") is not None
    assert task("2021-10-22") is None
    not_seen = {
        "person_id": contact,
        "day": "08/10/2021",
        "status": "not_seen",
        "reported_at": "2021-10-08T07:00:00",
    }
    seen = {
        "person_id": contact,
        "day": "2021-10-08",
        "status": "seen",
        "symptoms": ["cough"],
        "temperature_c": 37.9,
        "reported_at": "2021-10-08T17:00:00",
    }
    with DoorsClient(stack.settings, "committee") as committee:
        committee.post("/follow-ups", not_seen)
        committee.post("/follow-ups", seen)

    def seen_task() -> dict[str, Any] | None:
        of_the_day = task("2021-10-08")
        return of_the_day if of_the_day and of_the_day["status"] == "seen" else None

    reported = wait_until(seen_task, what="the report")
    assert reported["symptoms"] == ["cough"]
    assert reported["temperature_c"] == pytest.approx(37.9)
    assert reported["last_status"] == ""
    following = task("2021-10-09")
    assert following is not None
    assert following["status"] == "due"
    assert following["last_status"] == "seen"

    # A second case met later moves the end; retracting it moves the end back.
    second = Outbreak(stack, doors)
    second.report(onset_at="2021-10-12", isolated_at="2021-10-13")
    stay = {"place": f"site:{second.site}x", "from": "2021-10-12T08:00"}
    doors.post("/presences", stay | {"person": second.number, "to": "2021-10-12T09:00"})
    number = outbreak.number_of(contact)
    doors.post("/presences", stay | {"person": number, "to": "2021-10-12T08:30"})
    second.hand_over(people=1)
    later = wait_until(lambda: task("2021-10-22"), what="the end to move")
    assert later["follow_until"] == "2021-10-26"
    assert later["case_ids"] == [second.case_id], "the first list ended the day before"
    of_both = task("2021-10-21")
    assert of_both is not None
    assert sorted(of_both["case_ids"]) == sorted([outbreak.case_id, second.case_id])
    second.report(status="retracted", reported_at="2021-10-14")
    wait_until(lambda: task("2021-10-22") is None, what="the end to move back")
    assert task("2021-10-21") is not None
