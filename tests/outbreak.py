"""A case and the people it met, as the live tests of hand-overs play them."""

from random import randrange
from typing import Any
from uuid import uuid4

from infra.tools.doors_client import DoorsClient
from schemas.domain.pseudonyms import Pseudonyms
from tests.running_stack import RunningStack
from tests.waiting import wait_until

CITY, COAST, ELSEWHERE = "21025", "21439", "21190"
RULES_ID = "QD-3638"
RULES = {"rules_id": RULES_ID, "follow_days": 14, "depth": 2}
DAY = "2021-10-08"
PURPOSE = "to call them into quarantine"


class Outbreak:
    """A case met one person of the city and one of the coast at a site; both are registered."""

    def __init__(self, stack: RunningStack, doors: DoorsClient) -> None:
        self.doors = doors
        self.pseudonyms = Pseudonyms(stack.settings.person_key.get_secret_value())
        self.case_id = str(uuid4())
        self.site = f"market-{uuid4().hex[:8]}"
        self.first_generation = {"case_id": self.case_id, "depth": 1, "rules_id": RULES_ID}
        self.people: dict[str, str] = {}
        self.number, self.case = self.settle(ELSEWHERE)
        self.neighbours = [self.met(CITY), self.met(COAST)]

    def settle(self, commune: str) -> tuple[str, str]:
        """Registers a person who was at the site; returns their number and pseudonym."""
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
        _, person_id = self.settle(commune)
        return person_id

    def stay(self, number: str) -> None:
        period = {"from": "2021-10-07T08:00:00", "to": "2021-10-07T09:00:00"}
        self.doors.post("/presences", {"person": number, "place": f"site:{self.site}", **period})

    def number_of(self, person_id: str) -> str:
        return next(number for number, person in self.people.items() if person == person_id)

    def report(self, **facts: Any) -> None:
        usual = {
            "onset_at": "2021-10-08",
            "isolated_at": "2021-10-09",
            "reported_at": "2021-10-09",
        }
        identity = {"case_id": self.case_id, "document_number": self.number}
        self.doors.post("/cases", identity | usual | facts)

    def hand_over(self, people: int = 2, **more: Any) -> dict[str, Any]:
        """Hands the case over, and returns when what was issued can be read."""
        self.wait_for(people)
        before = self.revisions()
        request = {"case_id": self.case_id, **RULES, **more}
        handed: dict[str, Any] = self.doors.post("/handovers", request)
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
        wait_until(
            lambda: self.known() and self.at_home(self.first_generation) == people,
            what="the contacts",
        )

    def at_home(self, request: dict[str, Any]) -> int:
        """Returns how many contacts are found, each with a known commune.

        Returns -1 while one of them has none.
        """
        communes = self.doors.post("/traces/forward", request)["communes"]
        if not all(commune["unit_code"] for commune in communes):
            return -1
        return sum(commune["people"] for commune in communes)

    def contacts(self) -> set[str]:
        people = self.doors.post("/traces/forward", self.first_generation)["people"]
        return {person["person_id"] for person in people}

    def known(self) -> bool:
        cases = self.doors.get("/cases", limit=10_000)["cases"]
        return any(case["case_id"] == self.case_id for case in cases)

    def lists(self) -> dict[str, dict[str, Any]]:
        """Returns the hand-overs of the case by commune."""
        handovers = self.doors.get("/handovers", case_id=self.case_id)["handovers"]
        return {handover["unit_code"]: handover for handover in handovers}

    def list_of(self, unit_code: str) -> dict[str, Any]:
        """Returns the commune's list with its lines."""
        handover_id = self.lists()[unit_code]["handover_id"]
        detail: dict[str, Any] = self.doors.get(f"/handovers/{handover_id}")
        return detail


def people_on(detail: dict[str, Any]) -> set[str]:
    """Returns the people on a list."""
    return {line["person_id"] for line in detail["lines"]}


def follow_up(doors: DoorsClient, person_id: str, day: str = DAY) -> dict[str, Any] | None:
    """Returns the person's task of the day, if there is one."""
    tasks = doors.get("/follow-ups", day=day, limit=100_000)["tasks"]
    return next((task for task in tasks if task["person_id"] == person_id), None)


def wait_for_status(doors: DoorsClient, person_id: str, status: str, day: str = DAY) -> None:
    """Waits until the person's task of the day has the status."""

    def has_status() -> bool:
        task = follow_up(doors, person_id, day)
        return task is not None and task["status"] == status

    wait_until(has_status, what=f"the task to be {status}")
