"""A case travels the real path: reported, moved to the right person, traced, retracted."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import count
from typing import Any
from uuid import uuid4

import pytest

from infra.tools.doors_client import DoorsClient, Refused
from schemas.domain.documents import Document, DocumentKind
from schemas.domain.pseudonyms import Pseudonyms
from tests.running_stack import RunningStack
from tests.waiting import wait_until

pytestmark = pytest.mark.live

NUMBERS = count(51190666001)
POST = {"name": "Chốt", "unit_code": "21190", "valid_from": "2021-05-13"}
NAMED = {"full_name": "Trần Thị Mai", "birth_date": "1980-01-02", "sex": "female"}


class Outbreak:
    """A person has two numbers in the register, and met another person at a checkpoint."""

    def __init__(self, stack: RunningStack, doors: DoorsClient) -> None:
        self.doors = doors
        self.number, self.other_number, self.case_id = (
            f"{next(NUMBERS):012d}",
            f"{next(NUMBERS):012d}",
            str(uuid4()),
        )
        self.old_number = self.number[-9:]
        pseudonyms = Pseudonyms(stack.settings.person_key.get_secret_value())
        self.person_id, self.other_id = (
            pseudonyms.person(self.number),
            pseudonyms.person(self.other_number),
        )
        for number in (self.number, self.other_number):
            shown = {
                "shown": number,
                "checkpoint_id": "of-the-cases",
                "direction": "in",
                "scanned_at": "2021-10-05T08:00:00",
            }
            doors.post("/scans?wait_ms=30000", shown)

    def report(self, **said: Any) -> None:
        self.doors.post(
            "/cases", {"case_id": self.case_id, "document_number": self.old_number, **said}
        )

    def case(self) -> dict[str, Any]:
        cases = self.doors.get("/cases", limit=1000)["cases"]
        return next((case for case in cases if case["case_id"] == self.case_id), {})

    def becomes(self, **said: Any) -> dict[str, Any]:
        return wait_until(
            lambda: case if (case := self.case()).items() >= said.items() else None,
            what=f"the case to say {said}",
        )

    def trace(self, **more: Any) -> dict[str, Any]:
        answer: dict[str, Any] = self.doors.post(
            "/traces/forward", {"case_id": self.case_id, "depth": 1, **more}
        )
        return answer


@pytest.fixture
def doors(stack: RunningStack) -> Iterator[DoorsClient]:
    with DoorsClient(stack.settings, "admin") as doors:
        for post in ("of-the-cases", "of-the-links"):
            doors.put(f"/reference/checkpoints/{post}", POST)
        yield doors


def test_a_case_is_traced_from_its_person_until_it_is_retracted(
    stack: RunningStack, doors: DoorsClient
) -> None:
    outbreak = Outbreak(stack, doors)

    # It is reported under the old number, which nobody knows yet. The register then says whose it
    # is, and the case follows.
    outbreak.report(onset_at="2021-10-06", isolated_at="2021-10-08", reported_at="2021-10-08")
    assert outbreak.becomes(status="confirmed")["person_id"] != outbreak.person_id
    doors.post(
        "/registry/citizens",
        {"person_number": outbreak.number, "cmnd": outbreak.old_number, **NAMED},
    )
    outbreak.becomes(person_id=outbreak.person_id, reports=1)

    # The onset decides the period. Three days before the first onset take in the morning at the
    # checkpoint; three days before the second do not.
    wait_until(lambda: outbreak.trace()["generations"] == [1], what="the contact to be found")
    assert people_of(outbreak.trace()) == [outbreak.other_id]
    early = datetime.now(UTC).isoformat()
    time_passes(early)
    outbreak.report(
        onset_at="2021-10-08T12:00:00", isolated_at="2021-10-09", reported_at="2021-10-09"
    )
    outbreak.becomes(reports=2)
    assert outbreak.trace()["generations"] == [0]
    assert outbreak.trace(onset_at="2021-10-06")["generations"] == [1]
    then = outbreak.trace(known_at=early)
    assert people_of(then) == [outbreak.other_id]
    assert then["withdrawn_since"] == [outbreak.other_id]
    assert then["learnt_since"] == []

    # Once retracted it is traced no more. Whom to tell is what was known before.
    before = datetime.now(UTC).isoformat()
    time_passes(before)
    outbreak.report(status="retracted", reported_at="2021-10-10")
    outbreak.becomes(status="retracted", reports=3)
    with pytest.raises(Refused, match="the case was retracted"):
        outbreak.trace()
    then = outbreak.trace(known_at=before, onset_at="2021-10-06")
    assert people_of(then) == [outbreak.other_id]
    assert then["withdrawn_since"] == [outbreak.other_id]
    assert then["learnt_since"] == []


def test_of_reports_of_one_instant_the_last_received_holds_and_one_said_again_counts(
    stack: RunningStack, doors: DoorsClient
) -> None:
    outbreak, day = Outbreak(stack, doors), "2021-10-08"
    for reports, said in enumerate(
        (
            {"onset_at": "2021-10-06"},
            {"status": "retracted"},
            {"onset_at": "2021-10-05"},
            {"status": "retracted"},
        )
    ):
        time_passes(datetime.now(UTC).isoformat())
        outbreak.report(**said, reported_at=f"{day}T00:00:00") if reports < 2 else outbreak.report(
            **said
        )
        outbreak.becomes(status=said.get("status", "confirmed"), reports=reports + 1)
    outbreak.report(onset_at="2021-10-05")
    outbreak.becomes(status="confirmed", reports=5)


def test_a_case_is_traced_back_to_a_known_one_whom_it_met(
    stack: RunningStack, doors: DoorsClient
) -> None:
    source, case = Outbreak(stack, doors), Outbreak(stack, doors)
    source.doors.post(
        "/cases",
        {"case_id": source.case_id, "document_number": source.number, "onset_at": "2021-10-04"},
    )
    source.becomes(person_id=source.person_id)
    question = {"person_id": case.person_id, "onset_at": "2021-10-09", "days_before": 7}
    wait_until(
        lambda: len(doors.post("/traces/backward", question)["sources"]) >= 3, what="the people met"
    )
    answer = doors.post("/traces/backward", question)
    assert [source["person_id"] for source in answer["sources"] if source["known_case"]] == [
        source.person_id
    ]
    assert answer["sources"][0]["person_id"] == source.person_id
    assert answer["milestones"][0]["place"] == "post:of-the-cases"
    assert answer["milestones"][0]["cases"] == [source.person_id]
    assert doors.post("/traces/backward", question | {"known_at": "2021-10-20"})["sources"] == []
    assert "days_before_least" in answer["rules"]["assumed"]
    for least, met in (
        (3, True),
        (4, False),
    ):  # before midnight of the ninth in Vietnam; they met at eight in the morning of the fifth
        caught = doors.post("/traces/backward", question | {"days_before_least": least})
        assert bool(caught["sources"]) is met
        assert "days_before_least" not in caught["rules"]["assumed"]
    # Nobody said until when the source was at large. That counts without end, unless the request
    # says for how long.
    assert "infectious_days" in answer["rules"]["assumed"]
    for days, known in ((2, True), (1, False)):
        bounded = doors.post(
            "/traces/backward", question | {"onset_at": "2021-10-10", "infectious_days": days}
        )
        assert ([source["known_case"] for source in bounded["sources"]].count(True) == 1) is known
        assert "infectious_days" not in bounded["rules"]["assumed"]


def test_a_contact_who_becomes_a_case_is_told_from_when_that_is_known(
    stack: RunningStack, doors: DoorsClient
) -> None:
    first, second = Outbreak(stack, doors), str(uuid4())
    first.report(onset_at="2021-10-06", isolated_at="2021-10-08")
    doors.post(
        "/registry/citizens", {"person_number": first.number, "cmnd": first.old_number, **NAMED}
    )
    first.becomes(person_id=first.person_id)
    wait_until(lambda: first.other_id in people_of(first.trace()), what="the contact")
    before = datetime.now(UTC).isoformat()
    time_passes(before)
    report = {"case_id": second, "document_number": first.other_number, "sampled_at": "2021-10-07"}

    def own_cases(**more: Any) -> list[str] | None:
        people = first.trace(**more)["people"]
        return next(
            (person["own_case_ids"] for person in people if person["person_id"] == first.other_id),
            None,
        )

    doors.post("/cases", report | {"reported_at": "2021-10-08"})
    wait_until(lambda: own_cases() == [second], what="the contact to be a case")
    assert own_cases(known_at=before) == []
    doors.post("/cases", report | {"status": "retracted", "reported_at": "2021-10-09"})
    wait_until(lambda: own_cases() == [], what="the contact to be none")


def test_what_a_link_says_later_is_not_in_the_answer_of_before_and_is_told_beside_it(
    stack: RunningStack, doors: DoorsClient
) -> None:
    """Case and contact show numbers that nobody knows until the register says whose they are."""
    case, contact = Outbreak(stack, doors), Outbreak(stack, doors)
    pseudonyms = Pseudonyms(stack.settings.person_key.get_secret_value())
    own, other_own = (
        pseudonyms.person_of(pseudonyms.document(Document(DocumentKind.CMND, outbreak.old_number)))
        for outbreak in (case, contact)
    )
    for outbreak in (case, contact):
        shown = {
            "shown": outbreak.old_number,
            "checkpoint_id": "of-the-links",
            "direction": "in",
            "scanned_at": "2021-10-05T09:00:00",
        }
        doors.post("/scans?wait_ms=30000", shown)
    case.report(onset_at="2021-10-06", isolated_at="2021-10-08", reported_at="2021-10-08")
    case.becomes(person_id=own)
    wait_until(lambda: case.trace()["generations"] == [1], what="the contact to be found")
    before = datetime.now(UTC).isoformat()
    time_passes(before)
    for outbreak in (case, contact):
        doors.post(
            "/registry/citizens",
            {
                "person_number": outbreak.number,
                "cmnd": outbreak.old_number,
                "permanent_code": "21025",
                **NAMED,
            },
        )
    case.becomes(person_id=case.person_id, reports=1)
    moved = {own: [case.person_id], other_own: [contact.person_id]}
    then = wait_until(
        lambda: (
            answer
            if (answer := case.trace(known_at=before))["moved_since"] == moved
            and case.other_id in answer["learnt_since"]
            and answer["withdrawn_since"] == []
            else None
        ),
        what="the links, in both tables of presences",
    )
    assert then["person_id"] == own
    assert [person["person_id"] for person in then["people"]] == [other_own]
    assert contact.person_id not in then["learnt_since"]
    assert communes_of(then)[other_own] == ""
    wait_until(
        lambda: communes_of(case.trace()).get(contact.person_id) == "21025",
        what="the commune, which goes another way",
    )


def test_a_contact_who_turns_out_to_be_the_case_is_one_to_whom_nothing_leads_any_more(
    stack: RunningStack, doors: DoorsClient
) -> None:
    """Two documents of one person meet at a checkpoint, until the register says so."""
    case, pseudonyms = (
        Outbreak(stack, doors),
        Pseudonyms(stack.settings.person_key.get_secret_value()),
    )
    stranger = pseudonyms.person_of(
        pseudonyms.document(Document(DocumentKind.CMND, case.old_number))
    )
    shown = {
        "shown": case.old_number,
        "checkpoint_id": "of-the-cases",
        "direction": "in",
        "scanned_at": "2021-10-05T08:00:00",
    }
    doors.post("/scans?wait_ms=30000", shown)
    doors.post(
        "/cases",
        {
            "case_id": case.case_id,
            "document_number": case.number,
            "onset_at": "2021-10-06",
            "isolated_at": "2021-10-08",
        },
    )
    case.becomes(person_id=case.person_id)
    wait_until(lambda: stranger in people_of(case.trace()), what="the stranger to be found")
    before = datetime.now(UTC).isoformat()
    time_passes(before)
    doors.post(
        "/registry/citizens", {"person_number": case.number, "cmnd": case.old_number, **NAMED}
    )
    moved = {stranger: [case.person_id]}
    then = wait_until(
        lambda: answer if (answer := case.trace(known_at=before))["moved_since"] == moved else None,
        what="the link",
    )
    assert then["withdrawn_since"] == [stranger]
    assert stranger in people_of(then)
    assert stranger not in people_of(case.trace())


def test_rules_adopted_later_are_not_those_of_before(
    stack: RunningStack, doors: DoorsClient
) -> None:
    """The rules come into force only later, so that no other trace goes by them."""
    case, name = Outbreak(stack, doors), f"rules-{uuid4().hex[:8]}"
    question = {
        "person_id": case.person_id,
        "onset_at": "2021-10-06",
        "isolated_at": "2021-10-08",
        "rules_id": name,
        "depth": 1,
    }
    before = datetime.now(UTC).isoformat()
    time_passes(before)
    doors.put(
        f"/reference/exposure-rules/{name}",
        {"source": "Công văn thử", "days_before_onset": 1, "valid_from": "2040-01-01"},
    )
    since = wait_until(lambda: answered(doors, question), what="the rules")["since"]
    assert since == "2021-10-04T17:00:00Z"
    with pytest.raises(Refused, match="name a set of rules"):
        doors.post("/traces/forward", question | {"known_at": before})


def answered(doors: DoorsClient, question: dict[str, Any]) -> dict[str, Any] | None:
    try:
        answer: dict[str, Any] = doors.post("/traces/forward", question)
    except Refused:
        return None
    return answer


def test_a_contact_infects_others_until_an_order_isolates_them(
    stack: RunningStack, doors: DoorsClient
) -> None:
    """The contact met somebody two days after the case was isolated.

    An order that began later leaves them time for it.
    """
    case, met = Outbreak(stack, doors), f"{next(NUMBERS):012d}"
    for number, at in ((case.other_number, "10:00"), (met, "10:01")):
        shown = {
            "shown": number,
            "checkpoint_id": "of-the-links",
            "direction": "in",
            "scanned_at": f"2021-10-07T{at}:00",
        }
        doors.post("/scans?wait_ms=30000", shown)
    doors.post(
        "/cases",
        {
            "case_id": case.case_id,
            "document_number": case.number,
            "onset_at": "2021-10-06",
            "isolated_at": "2021-10-05T12:00",
        },
    )
    case.becomes(person_id=case.person_id)
    later = doors.get("/people/lookup", document=met)["person_id"]
    wait_until(
        lambda: later in people_of(case.trace(depth=2, contacts_isolated_at="2021-10-08")),
        what="the later contact",
    )
    assert later not in people_of(case.trace(depth=2))
    before = datetime.now(UTC).isoformat()
    time_passes(before)
    order = {
        "document_number": case.other_number,
        "kind": "quarantine",
        "unit_code": "21025",
        "begins_at": "2021-10-08T08:00",
    }
    order_id = doors.post("/orders", order)["order_id"]
    answer = wait_until(
        lambda: trace if later in people_of(trace := case.trace(depth=2)) else None,
        what="the order",
    )
    isolated = {person["person_id"]: person["isolated_at"] for person in answer["people"]}
    assert (isolated[case.other_id], isolated[later]) == ("2021-10-08T01:00:00Z", None)
    then = case.trace(depth=2, known_at=before)
    assert later not in people_of(then)
    assert later in then["learnt_since"]
    doors.post("/orders", order | {"order_id": order_id, "document_number": met})
    wait_until(
        lambda: later not in people_of(case.trace(depth=2)), what="the order to be the other's"
    )


def people_of(answer: dict[str, Any]) -> list[str]:
    return [person["person_id"] for person in answer["people"]]


def communes_of(answer: dict[str, Any]) -> dict[str, str]:
    return {person["person_id"]: person["residence_code"] for person in answer["people"]}


def time_passes(before: str) -> None:
    """Waits, so that what follows is received in a later millisecond."""
    wait_until(lambda: time.time() - datetime.fromisoformat(before).timestamp() > 0.005)


def test_a_case_nobody_reported_is_named(doors: DoorsClient) -> None:
    with pytest.raises(Refused, match="no case with this id"):
        doors.post("/traces/forward", {"case_id": str(uuid4())})


@pytest.mark.parametrize("report", [{}, {"status": "retracted"}, {"onset_at": "2199-01-01"}])
def test_a_report_that_does_not_say_enough_is_refused(
    doors: DoorsClient, report: dict[str, str]
) -> None:
    with pytest.raises(Refused, match="422"):
        doors.post("/cases", {"document_number": "051190666000", **report})
