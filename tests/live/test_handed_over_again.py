"""A case is handed over again: after a correction, or with the parameters of the last time.

Where nothing changed there are no new revisions.
"""

from datetime import UTC, datetime, timedelta
from random import randrange
from typing import Any
from uuid import uuid4

import pytest

from infra.tools.doors_client import DoorsClient
from tests.outbreak import CITY, ELSEWHERE, RULES_ID, Outbreak
from tests.running_stack import RunningStack
from tests.waiting import wait_until

pytestmark = pytest.mark.live


def test_handed_over_again_a_case_is_asked_what_it_was_asked_before(
    stack: RunningStack, doors: DoorsClient
) -> None:
    outbreak = Outbreak(stack, doors)
    outbreak.report()
    outbreak.met(CITY)
    milestone = {
        "place": f"site:{outbreak.site}-told",
        "began_at": "2021-10-07T12:00",
        "ended_at": "2021-10-07T13:00",
    }
    period = {"from": milestone["began_at"], "to": milestone["ended_at"]}
    fourth = f"051190{randrange(10**6):06d}"
    doors.post("/presences", {"person": fourth, "place": milestone["place"], **period})
    request = {**outbreak.first_generation, "milestones": [milestone]}
    wait_until(
        lambda: outbreak.known() and doors.post("/traces/forward", request)["generations"] == [4],
        what="the contacts",
    )
    first = outbreak.hand_over(people=3, milestones=[milestone])
    assert first["generations"] == [4, 0]
    assert first["taken_over"] == []

    def hand_over_again(**parameters: Any) -> dict[str, Any]:
        handed: dict[str, Any] = doors.post(
            "/handovers", {"case_id": outbreak.case_id, **parameters}
        )
        return handed

    second = hand_over_again()
    assert second["issued"] == 0
    assert second["generations"] == [4, 0]
    assert second["taken_over"] == ["follow_days", "milestones", "rules_id"]
    # A parameter that is given counts, also where it says that there are none. From then on it is
    # the one that is taken over.
    third = hand_over_again(milestones=[])
    assert third["issued"] == 1
    assert third["generations"] == [3, 0]
    assert third["taken_over"] == ["follow_days", "rules_id"]
    assert hand_over_again()["generations"] == [3, 0]
    anew = hand_over_again(anew=True, rules_id=RULES_ID, follow_days=14)
    assert anew["taken_over"] == []


def test_a_correction_is_in_the_hand_over_that_follows_it_and_makes_earlier_lists_outdated(
    stack: RunningStack, doors: DoorsClient
) -> None:
    outbreak = Outbreak(stack, doors)
    outbreak.report()
    outbreak.hand_over()

    def values(name: str) -> set[object]:
        return {handover[name] for handover in outbreak.lists().values()}

    assert values("outdated") == {False}
    outbreak.report(isolated_at="2021-10-10", reported_at="2021-10-10")
    wait_until(lambda: values("outdated") == {True}, what="the lists to be outdated")
    assert doors.post("/handovers", {"case_id": outbreak.case_id})["issued"] == 0
    assert values("outdated") == {False}
    # Three days before this onset the case had met nobody.
    outbreak.report(onset_at="2021-10-12", isolated_at="2021-10-13", reported_at="2021-10-13")
    handed = doors.post("/handovers", {"case_id": outbreak.case_id})
    assert handed["since"] == "2021-10-08T17:00:00Z"
    assert handed["generations"] == [0, 0]
    assert handed["stays"] == 0
    assert handed["issued"] == 2
    wait_until(lambda: values("people") == {0}, what="the lists to be withdrawn")


def test_a_case_that_is_not_isolated_is_handed_over_again_without_new_revisions(
    stack: RunningStack, doors: DoorsClient
) -> None:
    """Its housemates are exposed until now, whenever now is."""
    outbreak, household = Outbreak(stack, doors), uuid4().hex
    mate = f"051190{randrange(10**6):06d}"
    for number in (outbreak.number, mate):
        row = {
            "person_number": number,
            "full_name": "Lê Văn An",
            "birth_date": "1990-01-01",
            "sex": "male",
            "household_number": household,
        }
        doors.post("/registry/citizens", row | {"permanent_code": ELSEWHERE})
    onset = (datetime.now(UTC) - timedelta(days=1)).isoformat()
    outbreak.report(onset_at=onset, isolated_at=None)
    assert [outbreak.hand_over(people=1)["issued"] for _ in range(3)] == [1, 0, 0]
