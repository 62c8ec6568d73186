"""A case becomes lists at the communes of its contacts.

The lists are issued, acknowledged, revised, escalated and withdrawn.
"""

from uuid import uuid4

import pytest

from infra.tools.doors_client import DoorsClient, Refused
from tests.outbreak import CITY, COAST, RULES, Outbreak
from tests.running_stack import RunningStack
from tests.waiting import wait_until

pytestmark = pytest.mark.live


def test_lists_wait_at_the_communes_and_are_revised_where_they_change(
    stack: RunningStack, doors: DoorsClient
) -> None:
    outbreak = Outbreak(stack, doors)
    outbreak.report()
    handed = outbreak.hand_over()
    assert handed["issued"] == 2
    assert handed["generations"] == [2, 0]
    lists = outbreak.lists()
    assert lists.keys() == {CITY, COAST}
    for handover in lists.values():
        assert handover["revision"] == 1
        assert handover["people"] == 1
        assert handover["state"] == "waiting"

    # The city's committee reads its list and acknowledges it.
    of_the_city = f"/handovers/{lists[CITY]['handover_id']}"
    detail = doors.get(of_the_city)
    (line,) = detail["lines"]
    assert line["person_id"] == outbreak.neighbours[0]
    assert line["generation"] == 1
    assert line["follow_until"] == "2021-10-21"
    assert detail["complete"] is True
    assert detail["joined"] == [outbreak.neighbours[0]]
    assert detail["left"] == []
    with DoorsClient(stack.settings, "committee") as committee:
        committee.post(f"{of_the_city}/acknowledgement", {"revision": 1})
    wait_until(lambda: outbreak.lists()[CITY]["state"] == "acknowledged", what="the receipt")
    assert outbreak.lists()[COAST]["state"] == "waiting"

    # Handed over again, nothing is issued; with one more contact, only the list that changed is.
    assert outbreak.hand_over()["issued"] == 0
    assert outbreak.hand_over()["unchanged"] == 2
    # Nobody is taken off a list because a crowd lists fewer people.
    cut = outbreak.hand_over(most_per_stay=1, depth=1)
    assert cut["unlisted"] == 1
    assert cut["issued"] == 0
    assert cut["unchanged"] == 2
    late = outbreak.met(CITY)
    assert outbreak.hand_over(people=3, most_per_stay=200)["issued"] == 1
    assert outbreak.lists()[COAST]["revision"] == 1
    revised = doors.get(of_the_city)
    assert revised["revision"] == 2
    assert revised["state"] == "waiting"
    assert revised["joined"] == [late]
    # What joined is told against the acknowledged revision, not only against the one before.
    later = outbreak.met(CITY)
    outbreak.hand_over(people=4)
    assert doors.get(of_the_city)["joined"] == sorted([late, later])
    with pytest.raises(Refused, match="revision 3"):
        doors.post(f"{of_the_city}/acknowledgement", {"revision": 1})

    # The retracted case rests on nobody. Its lists are withdrawn without a request, and say whom to
    # tell.
    consequences = doors.get(f"/cases/{outbreak.case_id}/consequences")
    assert len(consequences["people"]) == 4
    assert consequences["only_through_this_case"] == 4
    outbreak.report(status="retracted", reported_at="2021-10-10")
    wait_until(
        lambda: {handover["people"] for handover in outbreak.lists().values()} == {0},
        what="the lists to be withdrawn",
    )
    assert_withdrawn(doors, of_the_city, sorted([outbreak.neighbours[0], late, later]))
    assert doors.get(f"/cases/{outbreak.case_id}/consequences")["people"] == []
    with pytest.raises(Refused, match="retracted"):
        doors.post("/handovers", {"case_id": outbreak.case_id, **RULES})


def assert_withdrawn(doors: DoorsClient, handover: str, people: list[str]) -> None:
    """Finds all whom the committee may have read of taken off, and told by name."""
    withdrawn = doors.get(handover)
    assert withdrawn["left"] == people
    request = {
        "handover_id": withdrawn["handover_id"],
        "person_ids": withdrawn["left"],
        "purpose": "to tell them it is over",
    }
    identities = doors.post("/reveals", request)["identities"]
    assert [identity["person_id"] for identity in identities] == withdrawn["left"]


def test_a_list_nobody_acknowledges_goes_to_the_district_and_then_to_the_province(
    stack: RunningStack, doors: DoorsClient
) -> None:
    outbreak = Outbreak(stack, doors)
    outbreak.report()
    outbreak.hand_over(deadline_hours=1 / 3600)
    above_both = {CITY: ["522", "51"], COAST: ["534", "51"]}

    def escalated_to() -> dict[str, list[str]]:
        return {code: handover["escalated_to"] for code, handover in outbreak.lists().items()}

    wait_until(lambda: escalated_to() == above_both, what="all above to be told")
    assert {handover["state"] for handover in outbreak.lists().values()} == {"overdue"}
    # A revision that nobody acknowledges either is no younger: both above still see it.
    outbreak.met(CITY)
    outbreak.hand_over(people=3, deadline_hours=1 / 3600)
    revised = outbreak.lists()[CITY]
    assert revised["revision"] == 2
    assert revised["state"] == "overdue"
    assert revised["escalated_to"] == ["522", "51"]
    for above in ("522", "51"):
        seen_above = doors.get("/handovers", unit_code=above)["handovers"]
        assert revised["handover_id"] in {handover["handover_id"] for handover in seen_above}


def test_what_a_hand_over_leaves_open_is_asked_for_by_its_field(
    stack: RunningStack, doors: DoorsClient
) -> None:
    outbreak = Outbreak(stack, doors)
    outbreak.report()
    wait_until(outbreak.known)
    with pytest.raises(Refused, match=r"3638.*follow_days|follow_days.*3638"):
        doors.post("/handovers", {"case_id": outbreak.case_id, "rules_id": "QD-3638"})
    with pytest.raises(Refused, match="case_id"):
        doors.post("/handovers", {"case_id": str(uuid4()), **RULES})
    with pytest.raises(Refused, match="404"):
        doors.get(f"/handovers/{uuid4()}")
