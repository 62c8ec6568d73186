"""People on lists turn out to be somebody else, when a link makes them known.

Nobody is told that they are free who is not, and nothing that was found about them is lost.
"""

from random import randrange
from typing import Any

import pytest

from infra.tools.doors_client import DoorsClient, Refused
from schemas.domain.documents import Document, DocumentKind
from tests.outbreak import (
    CITY,
    COAST,
    DAY,
    PURPOSE,
    Outbreak,
    follow_up,
    people_on,
    wait_for_status,
)
from tests.running_stack import RunningStack
from tests.waiting import wait_until

pytestmark = pytest.mark.live


class Stranger:
    """A contact of the case shows an old number that nobody knows, until the register does."""

    def __init__(self, outbreak: Outbreak) -> None:
        self.outbreak = outbreak
        self.old_number = f"{randrange(10**9):09d}"
        self.number = f"051{randrange(10**9):09d}"
        document = outbreak.pseudonyms.document(Document(DocumentKind.CMND, self.old_number))
        self.listed_as = outbreak.pseudonyms.person_of(document)
        self.known_as = outbreak.pseudonyms.person(self.number)
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


def test_a_contact_whom_a_link_makes_known_stays_the_same_contact(
    stack: RunningStack, doors: DoorsClient
) -> None:
    outbreak = Outbreak(stack, doors)
    stranger = Stranger(outbreak)
    outbreak.report()

    def at_home() -> bool:
        communes = doors.post("/traces/forward", outbreak.first_generation)["communes"]
        people = {commune["unit_code"]: commune["people"] for commune in communes}
        return people == {CITY: 1, COAST: 1, "": 1}

    wait_until(
        lambda: outbreak.known() and at_home(),
        what="the contacts, and the communes, which go another way",
    )
    request = {"case_id": outbreak.case_id, "rules_id": "QD-3638", "follow_days": 14}
    handed = doors.post("/handovers", request)
    wait_until(lambda: outbreak.lists().keys() == {CITY, COAST, ""}, what="the lists")
    assert handed["issued"] == 3
    lines = outbreak.list_of("")["lines"]
    assert [line["person_id"] for line in lines] == [stranger.listed_as]
    doors.post("/follow-ups", {"person_id": stranger.listed_as, "day": DAY, "status": "seen"})
    wait_for_status(doors, stranger.listed_as, "seen")

    # The list as it was issued tells who they are by now, and so does a look into the vault. The
    # look is recorded.
    stranger.becomes_known()

    def linked() -> dict[str, Any] | None:
        detail = outbreak.list_of("")
        return detail if detail["known_as"] == {stranger.listed_as: stranger.known_as} else None

    detail = wait_until(linked, what="the link")
    assert detail["joined"] == [stranger.listed_as]
    assert detail["left"] == []
    task = wait_until(lambda: follow_up(doors, stranger.listed_as), what="the task")
    assert task["known_as"] == stranger.known_as
    assert task["status"] == "seen"
    # A report under the present name belongs to the task of then, whoever sends it.
    later = "2021-10-10"
    doors.post("/follow-ups", {"person_id": stranger.known_as, "day": later, "status": "lost"})
    wait_for_status(doors, stranger.listed_as, "lost", later)

    assert_revealed_under_the_link(doors, stranger, detail["handover_id"])
    # The tracing team itself receives the list of people without a known residence. It does not
    # receive the lists of the communes.
    with DoorsClient(stack.settings, "tracer") as tracer:
        tracer.post(f"/handovers/{detail['handover_id']}/acknowledgement", {"revision": 1})
        of_the_city = outbreak.lists()[CITY]["handover_id"]
        with pytest.raises(Refused, match="403"):
            tracer.post(f"/handovers/{of_the_city}/acknowledgement", {"revision": 1})
    wait_until(lambda: outbreak.lists()[""]["state"] == "acknowledged", what="the receipt")

    # After the next hand-over they are on the list of their commune, with what was found about
    # them.
    wait_until(lambda: outbreak.at_home(outbreak.first_generation) == 3, what="the commune")
    doors.post("/handovers", request)
    assert_passed_on_to_the_commune(doors, stranger)


def assert_revealed_under_the_link(
    doors: DoorsClient, stranger: Stranger, handover_id: str
) -> None:
    """Looks into the vault for the list: the stranger has a name, and the look is recorded."""

    def reveal() -> dict[str, Any] | None:
        revealed: dict[str, Any] = doors.post(
            "/reveals", {"handover_id": handover_id, "purpose": PURPOSE}
        )
        return revealed if revealed["identities"] else None

    revealed = wait_until(reveal, what="the name, which goes another way")
    (identity,) = revealed["identities"]
    assert identity["listed_as"] == stranger.listed_as
    assert identity["person_id"] == stranger.known_as
    assert identity["full_name"] == "Phạm Thị Hoa"
    assert revealed["unknown"] == []

    def looks() -> set[str]:
        reveals = doors.get("/reveals", person_id=stranger.known_as)["reveals"]
        return {look["request_id"] for look in reveals}

    wait_until(lambda: revealed["request_id"] in looks(), what="the record of the look")


def assert_passed_on_to_the_commune(doors: DoorsClient, stranger: Stranger) -> None:
    """Finds the stranger on the city's list, with what was found about them before."""
    outbreak = stranger.outbreak

    def people() -> tuple[int, int]:
        lists = outbreak.lists()
        return lists[CITY]["people"], lists[""]["people"]

    wait_until(lambda: people() == (2, 0), what="the revisions")
    assert stranger.known_as in outbreak.list_of(CITY)["joined"]
    unknown = outbreak.list_of("")
    assert unknown["left"] == []
    assert unknown["passed_on"] == {stranger.listed_as: CITY}
    task = wait_until(lambda: follow_up(doors, stranger.known_as), what="the task")
    assert task["status"] == "seen"
    assert task["unit_code"] == CITY
    following = follow_up(doors, stranger.known_as, "2021-10-09")
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
    assert stranger.listed_as in people_on(outbreak.list_of(CITY))
    stranger.becomes_known()
    known_as = {stranger.listed_as: stranger.known_as}
    wait_until(lambda: outbreak.list_of(CITY)["known_as"] == known_as, what="the link")
    wait_until(lambda: stranger.known_as in outbreak.contacts(), what="the contact under the link")
    outbreak.hand_over(people=3)
    revised = outbreak.list_of(CITY)
    assert revised["revision"] == 2
    assert stranger.known_as in people_on(revised)
    assert revised["joined"] == []
    assert revised["left"] == []
    # Its committee may still report under the name on the list that it printed.
    seen = {"day": DAY, "status": "seen"}
    with DoorsClient(stack.settings, "committee@21025") as committee:
        committee.post("/follow-ups", {"person_id": stranger.listed_as, **seen})
        with pytest.raises(Refused, match="is, and was, on no list of 21025"):
            committee.post("/follow-ups", {"person_id": outbreak.neighbours[1], **seen})
    wait_for_status(doors, stranger.known_as, "seen")
    with pytest.raises(Refused, match="is, and was, on no list'"):
        doors.post("/follow-ups", {"person_id": outbreak.case, **seen})


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
    corrected = {
        "full_name": "Lê Văn An",
        "birth_date": "1990-01-01",
        "sex": "male",
        "permanent_code": CITY,
    }
    without_number = {"full_name": "Phạm Thị Hoa", "sex": "female"}
    doors.post(
        "/registry/citizens", corrected | without_number | {"person_number": stranger.number}
    )
    wait_until(
        lambda: stranger.known_as not in outbreak.contacts(),
        what="the number to be theirs no more",
    )
    with_number = {"person_number": outbreak.number_of(other), "cmnd": stranger.old_number}
    doors.post("/registry/citizens", corrected | with_number)

    def is_the_others() -> bool:
        contacts = outbreak.contacts()
        return other in contacts and stranger.listed_as not in contacts

    wait_until(is_the_others, what="the number to be the other's")
    detail = outbreak.list_of(CITY)
    assert stranger.known_as in people_on(detail)
    assert detail["known_as"] == {}

    def identities() -> list[dict[str, Any]]:
        request = {"handover_id": detail["handover_id"], "purpose": PURPOSE}
        revealed: list[dict[str, Any]] = doors.post("/reveals", request)["identities"]
        return revealed

    assert {identity["person_id"] for identity in identities()} == people_on(detail)
    documents = f"cmnd {stranger.old_number}"
    wait_until(
        lambda: all(documents not in identity["documents"] for identity in identities()),
        what="the number to be told as nobody's on the list",
    )
    # After the next hand-over the first person is free and the other is not.
    outbreak.hand_over(people=3)
    revised = outbreak.list_of(CITY)
    assert revised["joined"] == [other]
    assert revised["left"] == [stranger.known_as]
