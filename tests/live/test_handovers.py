"""A case becomes lists at the communes of its contacts: issued, acknowledged, revised, escalated, withdrawn."""

from collections.abc import Iterator
from random import randrange
from typing import Any
from uuid import uuid4

import pytest

from infra.doors_client import DoorsClient, Refused
from schemas.ids import Pseudonyms
from tests.running_stack import RunningStack
from tests.waiting import wait_until

pytestmark = pytest.mark.live

CITY, COAST, ELSEWHERE = "21025", "21439", "21190"
RULES = {"rules_id": "QD-3638", "follow_days": 14, "depth": 2}


class Outbreak:
    """A case who met one person of the city and one of the coast at a site; both are in the register."""

    def __init__(self, stack: RunningStack, doors: DoorsClient) -> None:
        self.doors, self.pseudonyms = doors, Pseudonyms(stack.settings.person_key.get_secret_value())
        self.case_id, self.site = str(uuid4()), f"market-{uuid4().hex[:8]}"
        self.number, self.case = self.settle(ELSEWHERE)
        self.neighbours = [self.met(CITY), self.met(COAST)]

    def settle(self, commune: str) -> tuple[str, str]:
        number = f"051190{randrange(10**6):06d}"
        row = {"person_number": number, "full_name": "Lê Văn An", "birth_date": "1990-01-01", "sex": "male", "phone": f"09{number[-8:]}"}
        self.doors.post("/registry/citizens", row | {"permanent_code": commune})
        self.stay(number)
        return number, self.pseudonyms.person(number)

    def met(self, commune: str) -> str:
        return self.settle(commune)[1]

    def stay(self, number: str) -> None:
        period = {"from": "2021-10-07T08:00:00", "to": "2021-10-07T09:00:00"}
        self.doors.post("/presences", {"person": number, "place": f"site:{self.site}", **period})

    def report(self, **said: Any) -> None:
        said = {"onset_at": "2021-10-08", "isolated_at": "2021-10-09", "reported_at": "2021-10-09"} | said
        self.doors.post("/cases", {"case_id": self.case_id, "document_number": self.number, **said})

    def hand_over(self, people: int = 2, **more: Any) -> dict[str, Any]:
        """Once so many people are found: what was posted a moment ago may still be on its way."""
        question = {"case_id": self.case_id, "depth": 1, "rules_id": "QD-3638"}
        wait_until(lambda: self.known() and self.generations(question) == [people], 20, what="the contacts")
        handed: dict[str, Any] = self.doors.post("/handovers", {"case_id": self.case_id, **RULES, **more})
        return handed

    def generations(self, question: dict[str, Any]) -> list[int]:
        found: list[int] = self.doors.post("/traces/forward", question)["generations"]
        return found

    def known(self) -> bool:
        return any(one["case_id"] == self.case_id for one in self.doors.get("/cases", limit=10_000)["cases"])

    def lists(self) -> dict[str, dict[str, Any]]:
        """By commune."""
        return {one["unit_code"]: one for one in self.doors.get("/handovers", case_id=self.case_id)["handovers"]}


@pytest.fixture
def doors(stack: RunningStack) -> Iterator[DoorsClient]:
    with DoorsClient(stack.settings, "admin") as doors:
        yield doors


def test_lists_wait_at_the_communes_and_are_revised_where_they_change(stack: RunningStack, doors: DoorsClient) -> None:
    outbreak = Outbreak(stack, doors)
    outbreak.report()
    handed = outbreak.hand_over()
    assert (handed["issued"], handed["shown"], handed["generations"]) == (2, True, [2, 0])
    lists = outbreak.lists()
    assert {code: (one["revision"], one["people"], one["state"]) for code, one in lists.items()} == {
        CITY: (1, 1, "waiting"),
        COAST: (1, 1, "waiting"),
    }

    # The city's committee reads its list and acknowledges it.
    detail = doors.get(f"/handovers/{lists[CITY]['handover_id']}")
    assert [(one["person_id"], one["generation"], one["follow_until"]) for one in detail["lines"]] == [
        (outbreak.neighbours[0], 1, "2021-10-21")
    ]
    assert (detail["complete"], detail["joined"], detail["left"]) == (True, [outbreak.neighbours[0]], [])
    with DoorsClient(stack.settings, "committee") as committee:
        committee.post(f"/handovers/{lists[CITY]['handover_id']}/acknowledgement", {"revision": 1})
    wait_until(lambda: outbreak.lists()[CITY]["state"] == "acknowledged", 15, what="the receipt")
    assert outbreak.lists()[COAST]["state"] == "waiting"

    # Handed over again, nothing is issued; with one more contact, only the list that changed is.
    assert (outbreak.hand_over()["issued"], outbreak.hand_over()["unchanged"]) == (0, 2)
    late = outbreak.met(CITY)
    assert (outbreak.hand_over(people=3)["issued"], outbreak.lists()[COAST]["revision"]) == (1, 1)
    revised = doors.get(f"/handovers/{lists[CITY]['handover_id']}")
    assert (revised["revision"], revised["state"], revised["joined"]) == (2, "waiting", [late])
    with pytest.raises(Refused, match="revision 2"):
        doors.post(f"/handovers/{revised['handover_id']}/acknowledgement", {"revision": 1})

    # Retracted, the case rests on nobody: its lists are withdrawn without anyone asking, and say whom to tell.
    consequences = doors.get(f"/cases/{outbreak.case_id}/consequences")
    assert (len(consequences["people"]), consequences["only_through_this_case"]) == (3, 3)
    outbreak.report(status="retracted", reported_at="2021-10-10")
    wait_until(lambda: {one["people"] for one in outbreak.lists().values()} == {0}, 20, what="the lists to be withdrawn")
    assert doors.get(f"/handovers/{revised['handover_id']}")["left"] == sorted([outbreak.neighbours[0], late])
    assert doors.get(f"/cases/{outbreak.case_id}/consequences")["people"] == []
    with pytest.raises(Refused, match="retracted"):
        doors.post("/handovers", {"case_id": outbreak.case_id, **RULES})


def test_a_list_nobody_acknowledges_goes_to_the_district_and_then_to_the_province(stack: RunningStack, doors: DoorsClient) -> None:
    outbreak = Outbreak(stack, doors)
    outbreak.report()
    outbreak.hand_over(deadline_hours=1 / 3600)
    wait_until(lambda: outbreak.lists()[CITY]["escalated_to"] == ["522", "51"], 30, what="both committees above to be told")
    assert outbreak.lists()[COAST]["escalated_to"] == ["534", "51"]
    assert outbreak.lists()[COAST]["state"] == "overdue"


def test_what_a_hand_over_leaves_open_is_asked_for_by_its_field(stack: RunningStack, doors: DoorsClient) -> None:
    outbreak = Outbreak(stack, doors)
    outbreak.report()
    wait_until(outbreak.known, 15)
    with pytest.raises(Refused, match=r"3638.*follow_days|follow_days.*3638"):
        doors.post("/handovers", {"case_id": outbreak.case_id, "rules_id": "QD-3638"})
    with pytest.raises(Refused, match="case_id"):
        doors.post("/handovers", {"case_id": str(uuid4()), **RULES})
    with pytest.raises(Refused, match="404"):
        doors.get(f"/handovers/{uuid4()}")
