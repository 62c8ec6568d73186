"""A case who met another person at a checkpoint, as the live tests of cases play it."""

import time
from datetime import UTC, datetime
from itertools import count
from typing import Any
from uuid import uuid4

from infra.tools.doors_client import DoorsClient
from schemas.domain.pseudonyms import Pseudonyms
from tests.running_stack import RunningStack
from tests.waiting import wait_until

NUMBERS = count(51190666001)
CHECKPOINT = {"name": "Chốt", "unit_code": "21190", "valid_from": "2021-05-13"}
NAMED = {"full_name": "Trần Thị Mai", "birth_date": "1980-01-02", "sex": "female"}


class ReportedCase:
    """A person has an old and a new number, and met another person at a checkpoint.

    All cases of one checkpoint meet each other, so that each file of tests has its own.
    """

    def __init__(self, stack: RunningStack, doors: DoorsClient, checkpoint_id: str) -> None:
        self.doors = doors
        self.case_id = str(uuid4())
        self.number = next_number()
        self.old_number = self.number[-9:]
        self.other_number = next_number()
        pseudonyms = Pseudonyms(stack.settings.person_key.get_secret_value())
        self.person_id = pseudonyms.person(self.number)
        self.other_id = pseudonyms.person(self.other_number)
        for number in (self.number, self.other_number):
            show(doors, number, checkpoint_id, "2021-10-05T08:00:00")

    def report(self, **facts: Any) -> None:
        self.doors.post(
            "/cases", {"case_id": self.case_id, "document_number": self.old_number, **facts}
        )

    def register(self, **more: Any) -> None:
        """Has the register say that both numbers are this person's."""
        numbers = {"person_number": self.number, "cmnd": self.old_number}
        self.doors.post("/registry/citizens", numbers | NAMED | more)

    def case(self) -> dict[str, Any]:
        cases = self.doors.get("/cases", limit=1000)["cases"]
        return next((case for case in cases if case["case_id"] == self.case_id), {})

    def becomes(self, **facts: Any) -> dict[str, Any]:
        """Returns the case once it has these facts."""

        def changed() -> dict[str, Any] | None:
            case = self.case()
            return case if case.items() >= facts.items() else None

        return wait_until(changed, what=f"the case to say {facts}")

    def trace(self, **more: Any) -> dict[str, Any]:
        response: dict[str, Any] = self.doors.post(
            "/traces/forward", {"case_id": self.case_id, "depth": 1, **more}
        )
        return response


def describe_checkpoints(doors: DoorsClient, *checkpoint_ids: str) -> None:
    for checkpoint_id in checkpoint_ids:
        doors.put(f"/reference/checkpoints/{checkpoint_id}", CHECKPOINT)


def next_number() -> str:
    return f"{next(NUMBERS):012d}"


def show(doors: DoorsClient, number: str, checkpoint_id: str, at: str) -> None:
    """Has a person show the number at the checkpoint; returns when the scan is judged."""
    scan = {
        "shown": number,
        "checkpoint_id": checkpoint_id,
        "direction": "in",
        "scanned_at": at,
    }
    doors.post("/scans?wait_ms=30000", scan)


def people_of(trace: dict[str, Any]) -> list[str]:
    return [person["person_id"] for person in trace["people"]]


def communes_of(trace: dict[str, Any]) -> dict[str, str]:
    return {person["person_id"]: person["residence_code"] for person in trace["people"]}


def pass_a_moment() -> str:
    """Returns the present moment once it is over: what follows has a later millisecond."""
    now = datetime.now(UTC)
    wait_until(lambda: time.time() - now.timestamp() > 0.005)
    return now.isoformat()
