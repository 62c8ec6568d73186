"""A case and the people it met, as the live tests of hand-overs play them."""

from random import randrange
from typing import Any
from uuid import uuid4

from infra.tools.doors_client import DoorsClient
from schemas.domain.pseudonyms import Pseudonyms
from tests.running_stack import RunningStack
from tests.waiting import wait_until

CITY, COAST, ELSEWHERE = "21025", "21439", "21190"
RULES = {"rules_id": "QD-3638", "follow_days": 14, "depth": 2}


class Outbreak:
    """A case met one person of the city and one of the coast at a site; both are registered."""

    def __init__(self, stack: RunningStack, doors: DoorsClient) -> None:
        self.doors, self.pseudonyms = (
            doors,
            Pseudonyms(stack.settings.person_key.get_secret_value()),
        )
        self.case_id, self.site = str(uuid4()), f"market-{uuid4().hex[:8]}"
        self.people: dict[str, str] = {}
        self.number, self.case = self.settle(ELSEWHERE)
        self.neighbours = [self.met(CITY), self.met(COAST)]

    def settle(self, commune: str) -> tuple[str, str]:
        number = f"051190{randrange(10**6):06d}"
        row = {
            "person_number": number,
            "full_name": "Lê Văn An",
            "birth_date": "1990-01-01",
            "sex": "male",
            "phone": f"09{number[-8:]}",
        }
        self.doors.post("/registry/citizens", row | {"permanent_code": commune})
        self.stay(number)
        self.people[number] = self.pseudonyms.person(number)
        return number, self.people[number]

    def met(self, commune: str) -> str:
        return self.settle(commune)[1]

    def stay(self, number: str) -> None:
        period = {"from": "2021-10-07T08:00:00", "to": "2021-10-07T09:00:00"}
        self.doors.post("/presences", {"person": number, "place": f"site:{self.site}", **period})

    def report(self, **said: Any) -> None:
        said = {
            "onset_at": "2021-10-08",
            "isolated_at": "2021-10-09",
            "reported_at": "2021-10-09",
        } | said
        self.doors.post("/cases", {"case_id": self.case_id, "document_number": self.number, **said})

    def hand_over(self, people: int = 2, **more: Any) -> dict[str, Any]:
        """Hands the case over, and returns when what was issued can be read."""
        self.wait_for(people)
        before = self.revisions()
        handed: dict[str, Any] = self.doors.post(
            "/handovers", {"case_id": self.case_id, **RULES, **more}
        )
        wait_until(
            lambda: self.revisions() == before + handed["issued"], what="the revisions to be shown"
        )
        return handed

    def revisions(self) -> int:
        return sum(handover["revision"] for handover in self.lists().values())

    def wait_for(self, people: int) -> None:
        """Waits until so many contacts are found, each with a commune.

        What was posted a moment ago is still on its way, and not all of it takes the same way.
        """
        question = {"case_id": self.case_id, "depth": 1, "rules_id": "QD-3638"}
        wait_until(lambda: self.known() and self.at_home(question) == people, what="the contacts")

    def at_home(self, question: dict[str, Any]) -> int:
        """Returns how many contacts are found, each with a known commune.

        Returns -1 while one of them has none.
        """
        communes = self.doors.post("/traces/forward", question)["communes"]
        return (
            sum(commune["people"] for commune in communes)
            if all(commune["unit_code"] for commune in communes)
            else -1
        )

    def known(self) -> bool:
        return any(
            case["case_id"] == self.case_id
            for case in self.doors.get("/cases", limit=10_000)["cases"]
        )

    def lists(self) -> dict[str, dict[str, Any]]:
        """Returns the hand-overs of the case by commune."""
        return {
            handover["unit_code"]: handover
            for handover in self.doors.get("/handovers", case_id=self.case_id)["handovers"]
        }
