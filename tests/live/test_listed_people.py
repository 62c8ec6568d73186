"""People on lists turn out to be somebody else, or cases themselves.

Nobody is told that they are free who is not, and nothing that was found about them is lost.
"""

from random import randrange
from typing import Any
from uuid import uuid4

import pytest

from infra.tools.doors_client import DoorsClient, Refused
from schemas.domain.documents import Document, DocumentKind
from tests.outbreak import CITY, COAST, Outbreak
from tests.running_stack import RunningStack
from tests.waiting import wait_until

pytestmark = pytest.mark.live

DAY = "2021-10-08"
PURPOSE = "to call them into quarantine"


class Stranger:
    """A contact of the case shows an old number that nobody knows, until the register does."""

    def __init__(self, outbreak: Outbreak) -> None:
        self.outbreak, self.old_number = outbreak, f"{randrange(10**9):09d}"
        self.number = f"051{randrange(10**9):09d}"
        document = outbreak.pseudonyms.document(Document(DocumentKind.CMND, self.old_number))
        self.listed_as, self.known_as = (
            outbreak.pseudonyms.person_of(document),
            outbreak.pseudonyms.person(self.number),
        )
        outbreak.stay(self.old_number)

    def becomes_known(self) -> None:
        row = {
            "person_number": self.number,
            "cmnd": self.old_number,
            "full_name": "Phạm Thị Hoa",
            "birth_date": "1985-03-04",
        }
        self.outbreak.doors.post(
            "/registry/citizens", row | {"sex": "female", "permanent_code": CITY}
        )


def listed(doors: DoorsClient, outbreak: Outbreak, unit_code: str) -> dict[str, Any]:
    detail: dict[str, Any] = doors.get(f"/handovers/{outbreak.lists()[unit_code]['handover_id']}")
    return detail


def task(doors: DoorsClient, person_id: str, day: str = DAY) -> dict[str, Any] | None:
    tasks = doors.get("/follow-ups", day=day, limit=100_000)["tasks"]
    return next((row for row in tasks if row["person_id"] == person_id), None)


def test_a_contact_whom_a_link_makes_known_stays_the_same_contact(
    stack: RunningStack, doors: DoorsClient
) -> None:
    outbreak = Outbreak(stack, doors)
    stranger = Stranger(outbreak)
    outbreak.report()
    question = {"case_id": outbreak.case_id, "depth": 1, "rules_id": "QD-3638"}
    home = {CITY: 1, COAST: 1, "": 1}

    def at_home() -> bool:
        communes = doors.post("/traces/forward", question)["communes"]
        return {commune["unit_code"]: commune["people"] for commune in communes} == home

    wait_until(
        lambda: outbreak.known() and at_home(),
        what="the contacts, and the communes, which go another way",
    )
    handed = doors.post(
        "/handovers", {"case_id": outbreak.case_id, "rules_id": "QD-3638", "follow_days": 14}
    )
    wait_until(lambda: outbreak.lists().keys() == {CITY, COAST, ""}, what="the lists")
    assert handed["issued"] == 3
    assert [line["person_id"] for line in listed(doors, outbreak, "")["lines"]] == [
        stranger.listed_as
    ]
    doors.post("/follow-ups", {"person_id": stranger.listed_as, "day": DAY, "status": "seen"})
    wait_until(
        lambda: (found := task(doors, stranger.listed_as)) and found["status"] == "seen",
        what="the report",
    )

    # The list as it was issued tells who they are by now, and so does a look into the vault. The
    # look is recorded.
    stranger.becomes_known()
    known_as = {stranger.listed_as: stranger.known_as}
    detail = wait_until(
        lambda: detail if (detail := listed(doors, outbreak, ""))["known_as"] == known_as else None,
        what="the link",
    )
    assert (detail["joined"], detail["left"]) == ([stranger.listed_as], [])
    found = wait_until(lambda: task(doors, stranger.listed_as), what="the task")
    assert (found["known_as"], found["status"]) == (stranger.known_as, "seen")
    # A report under the present name belongs to the task of then, whoever sends it.
    doors.post(
        "/follow-ups", {"person_id": stranger.known_as, "day": "2021-10-10", "status": "lost"}
    )
    wait_until(
        lambda: (row := task(doors, stranger.listed_as, "2021-10-10")) and row["status"] == "lost",
        what="the report",
    )

    def reveal() -> dict[str, Any]:
        told: dict[str, Any] = doors.post(
            "/reveals", {"handover_id": detail["handover_id"], "purpose": PURPOSE}
        )
        return told

    told = wait_until(
        lambda: answer if (answer := reveal())["identities"] else None,
        what="the name, which goes another way",
    )
    assert [
        (identity["listed_as"], identity["person_id"], identity["full_name"])
        for identity in told["identities"]
    ] == [(stranger.listed_as, stranger.known_as, "Phạm Thị Hoa")]
    assert told["unknown"] == []
    # The tracing team itself receives the list of people without a known residence. It does not
    # receive the lists of the communes.
    with DoorsClient(stack.settings, "tracer") as tracer:
        tracer.post(f"/handovers/{detail['handover_id']}/acknowledgement", {"revision": 1})
        with pytest.raises(Refused, match="403"):
            tracer.post(
                f"/handovers/{outbreak.lists()[CITY]['handover_id']}/acknowledgement",
                {"revision": 1},
            )
    wait_until(lambda: outbreak.lists()[""]["state"] == "acknowledged", what="the receipt")

    def looks() -> set[str]:
        return {
            look["request_id"]
            for look in doors.get("/reveals", person_id=stranger.known_as)["reveals"]
        }

    wait_until(lambda: told["request_id"] in looks(), what="the record of the look")

    # After the next hand-over they are on the list of their commune, with what was found about
    # them.
    wait_until(lambda: outbreak.at_home(question) == 3, what="the commune")
    doors.post(
        "/handovers", {"case_id": outbreak.case_id, "rules_id": "QD-3638", "follow_days": 14}
    )
    wait_until(
        lambda: (outbreak.lists()[CITY]["people"], outbreak.lists()[""]["people"]) == (2, 0),
        what="the revisions",
    )
    assert stranger.known_as in listed(doors, outbreak, CITY)["joined"]
    unknown = listed(doors, outbreak, "")
    assert (unknown["left"], unknown["passed_on"]) == ([], {stranger.listed_as: CITY})
    found = wait_until(lambda: task(doors, stranger.known_as), what="the task")
    assert (found["status"], found["unit_code"]) == ("seen", CITY)
    following = task(doors, stranger.known_as, "2021-10-09")
    assert following is not None
    assert following["status"] == "due"
    assert following["last_status"] == "seen"


def test_a_link_within_a_list_is_neither_a_joining_nor_a_leaving(
    stack: RunningStack, doors: DoorsClient
) -> None:
    """Declared to lodge in the city before the register knows them, they stay on its list."""
    outbreak = Outbreak(stack, doors)
    stranger = Stranger(outbreak)
    journey = {
        "origin_code": COAST,
        "destination_code": CITY,
        "lodging_code": CITY,
        "departure_at": "2021-10-06T08:00",
    }
    named = {
        "document_number": stranger.old_number,
        "full_name": "Phạm Thị Hoa",
        "birth_date": "1985-03-04",
    }
    doors.post("/declarations", named | journey | {"declared_at": "2021-10-06T07:00"})
    outbreak.report()
    outbreak.hand_over(people=3)
    assert stranger.listed_as in {
        line["person_id"] for line in listed(doors, outbreak, CITY)["lines"]
    }
    stranger.becomes_known()
    wait_until(
        lambda: (
            listed(doors, outbreak, CITY)["known_as"] == {stranger.listed_as: stranger.known_as}
        ),
        what="the link",
    )
    question = {"case_id": outbreak.case_id, "depth": 1, "rules_id": "QD-3638"}
    wait_until(
        lambda: (
            stranger.known_as
            in {person["person_id"] for person in doors.post("/traces/forward", question)["people"]}
        )
    )
    outbreak.hand_over(people=3)
    revised = listed(doors, outbreak, CITY)
    assert revised["revision"] == 2
    assert stranger.known_as in {line["person_id"] for line in revised["lines"]}
    assert (revised["joined"], revised["left"]) == ([], [])
    # Its committee may still report under the name on the list that it printed.
    with DoorsClient(stack.settings, "committee@21025") as committee:
        committee.post(
            "/follow-ups", {"person_id": stranger.listed_as, "day": DAY, "status": "seen"}
        )
        with pytest.raises(Refused, match="is, and was, on no list of 21025"):
            committee.post(
                "/follow-ups", {"person_id": outbreak.neighbours[1], "day": DAY, "status": "seen"}
            )
    wait_until(
        lambda: (found := task(doors, stranger.known_as)) and found["status"] == "seen",
        what="the report",
    )
    with pytest.raises(Refused, match="is, and was, on no list'"):
        doors.post("/follow-ups", {"person_id": outbreak.case, "day": DAY, "status": "seen"})


def test_a_person_of_the_register_is_nobody_else_for_a_number_that_was_wrongly_theirs(
    stack: RunningStack, doors: DoorsClient
) -> None:
    """The register corrects whose an old number is.

    Whoever was listed by that number is not revealed as the other person.
    """
    outbreak = Outbreak(stack, doors)
    stranger = Stranger(outbreak)
    stranger.becomes_known()
    outbreak.report()
    outbreak.hand_over(people=3)
    other = outbreak.met(CITY)
    number = next(number for number, person in outbreak.people.items() if person == other)
    corrected = {
        "full_name": "Lê Văn An",
        "birth_date": "1990-01-01",
        "sex": "male",
        "permanent_code": CITY,
    }
    question = {"case_id": outbreak.case_id, "depth": 1, "rules_id": "QD-3638"}

    def reached() -> set[str]:
        return {person["person_id"] for person in doors.post("/traces/forward", question)["people"]}

    doors.post(
        "/registry/citizens",
        corrected
        | {"person_number": stranger.number, "full_name": "Phạm Thị Hoa", "sex": "female"},
    )
    wait_until(lambda: stranger.known_as not in reached(), what="the number to be theirs no more")
    doors.post(
        "/registry/citizens", corrected | {"person_number": number, "cmnd": stranger.old_number}
    )
    wait_until(
        lambda: other in reached() and stranger.listed_as not in reached(),
        what="the number to be the other's",
    )
    detail = listed(doors, outbreak, CITY)
    assert stranger.known_as in {line["person_id"] for line in detail["lines"]}
    assert detail["known_as"] == {}

    def told() -> list[dict[str, Any]]:
        identities: list[dict[str, Any]] = doors.post(
            "/reveals", {"handover_id": detail["handover_id"], "purpose": PURPOSE}
        )["identities"]
        return identities

    assert {identity["person_id"] for identity in told()} == {
        line["person_id"] for line in detail["lines"]
    }
    documents = f"cmnd {stranger.old_number}"
    wait_until(
        lambda: all(documents not in identity["documents"] for identity in told()),
        what="the number to be told as nobody's on the list",
    )
    # After the next hand-over the first person is free and the other is not.
    outbreak.hand_over(people=3)
    revised = listed(doors, outbreak, CITY)
    assert (revised["joined"], revised["left"]) == ([other], [stranger.known_as])


def test_a_contact_who_is_a_case_themselves_is_treated_and_not_visited(
    stack: RunningStack, doors: DoorsClient
) -> None:
    outbreak, case_id = Outbreak(stack, doors), str(uuid4())
    outbreak.report()
    outbreak.hand_over()
    contact = outbreak.neighbours[0]
    number = next(number for number, person in outbreak.people.items() if person == contact)
    report = {"case_id": case_id, "document_number": number, "sampled_at": "2021-10-08"}
    doors.post("/cases", report | {"reported_at": "2021-10-09"})
    own = wait_until(
        lambda: listed(doors, outbreak, CITY)["lines"][0]["own_case_ids"], what="the case"
    )
    assert own == [case_id]
    found = task(doors, contact)
    assert found is not None
    assert (found["status"], found["own_case_ids"]) == ("confirmed", own)
    assert (
        doors.get("/follow-ups", day=DAY, status="confirmed", limit=100_000)["counts"]["confirmed"]
        >= 1
    )
    assert (day_before := task(doors, contact, "2021-10-07")) and day_before["status"] == "due", (
        "not ill yet"
    )
    doors.post("/cases", report | {"status": "retracted", "reported_at": "2021-10-10"})
    wait_until(
        lambda: (again := task(doors, contact)) and again["status"] == "due",
        what="the task to be due again",
    )


def test_a_contact_who_was_ill_long_ago_is_visited_when_they_are_met_again(
    stack: RunningStack, doors: DoorsClient
) -> None:
    """They were on a list that ended months before, and fell ill then."""
    outbreak = Outbreak(stack, doors)
    contact = outbreak.neighbours[0]
    number = next(number for number, person in outbreak.people.items() if person == contact)
    earlier = Outbreak(stack, doors)
    then = {
        "place": f"site:{earlier.site}-before",
        "from": "2021-06-05T08:00:00",
        "to": "2021-06-05T09:00:00",
    }
    for person in (number, earlier.number):
        doors.post("/presences", {"person": person, **then})
    earlier.report(onset_at="2021-06-06", isolated_at="2021-06-07", reported_at="2021-06-07")
    earlier.hand_over(people=1, rules_id="QD-3638", depth=1)
    doors.post(
        "/cases",
        {"document_number": number, "sampled_at": "2021-06-08", "reported_at": "2021-06-09"},
    )
    outbreak.report()
    outbreak.hand_over()
    found = wait_until(
        lambda: row if (row := task(doors, contact)) and row["own_case_ids"] else None,
        what="the task",
    )
    assert found["status"] == "due"
    assert found["generation"] == 1
    assert found["case_ids"] == [outbreak.case_id]
    assert found["exposed_at"] == "2021-10-07T01:00:00Z"
    people = {
        person["person_id"]: person
        for person in doors.get(f"/cases/{outbreak.case_id}/consequences")["people"]
    }
    assert people[contact]["other_case_ids"] == []
