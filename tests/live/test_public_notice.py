"""A public notice tells only places that enough others shared with the case."""

from random import randrange
from typing import Any

import pytest

from infra.tools.doors_client import DoorsClient
from tests.outbreak import RULES_ID, Outbreak
from tests.running_stack import RunningStack
from tests.waiting import wait_until

pytestmark = pytest.mark.live


def test_a_public_notice_tells_only_places_that_enough_others_shared(
    stack: RunningStack, doors: DoorsClient
) -> None:
    outbreak = Outbreak(stack, doors)
    outbreak.report()
    alone = {
        "place": "site:alone",
        "from": "2021-10-07T14:00:00",
        "to": "2021-10-07T14:30:00",
    }
    doors.post("/presences", {"person": outbreak.number, **alone})
    outbreak.hand_over()

    def notice(k: int, **more: Any) -> dict[str, Any]:
        path = f"/cases/{outbreak.case_id}/notice"
        response: dict[str, Any] = doors.get(path, k=k, rules_id=RULES_ID, **more)
        return response

    wait_until(lambda: notice(2)["withheld"] == 1, what="the stay alone")
    of_two = notice(2)
    (milestone,) = of_two["milestones"]
    assert milestone["name"] == outbreak.site
    assert milestone["people"] == 2
    assert milestone["grain"] == "hours"
    assert outbreak.site in of_two["text_vi"]
    assert "alone" not in of_two["text_vi"] + of_two["text_en"]
    of_three = notice(3)
    assert of_three["milestones"] == []
    assert of_three["withheld"] == 2

    # Three others are at another place, and none of them was at the first. A person who was at both
    # is the case.
    second = {
        "place": f"site:second-{outbreak.site}",
        "from": "2021-10-07T16:00:00",
        "to": "2021-10-07T16:30:00",
    }
    others = [f"051191{randrange(10**6):06d}" for _ in range(3)]
    for number in (outbreak.number, *others):
        doors.post("/presences", {"person": number, **second})

    def with_both_places() -> dict[str, Any] | None:
        published = notice(2, together=1)
        return published if len(published["milestones"]) == 2 else None

    def of_all_three() -> dict[str, Any] | None:
        published = notice(2)
        return published if published["people_at_all"] == 3 else None

    apart = wait_until(with_both_places, what="the second place")
    assert apart["people_at_all"] == 0
    assert apart["withheld"] == 1
    published = wait_until(of_all_three, what="the three others")
    (milestone,) = published["milestones"]
    assert milestone["name"] == second["place"].removeprefix("site:")
    assert milestone["people"] == 3
    assert published["withheld"] == 2
