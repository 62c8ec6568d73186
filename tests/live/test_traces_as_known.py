"""A trace as it was known before leaves out what was learnt later, and tells it apart."""

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest

from infra.tools.doors_client import DoorsClient, Refused
from schemas.domain.documents import Document, DocumentKind
from schemas.domain.pseudonyms import Pseudonyms
from tests.reported_case import (
    ReportedCase,
    communes_of,
    describe_checkpoints,
    next_number,
    pass_a_moment,
    people_of,
    show,
)
from tests.running_stack import RunningStack
from tests.waiting import wait_until

pytestmark = pytest.mark.live

CHECKPOINT_ID = "of-the-traces-as-known"
OF_THE_LINKS = "of-the-links"


@pytest.fixture
def doors(stack: RunningStack) -> Iterator[DoorsClient]:
    with DoorsClient(stack.settings, "admin") as doors:
        describe_checkpoints(doors, CHECKPOINT_ID, OF_THE_LINKS)
        yield doors


def test_a_contact_who_becomes_a_case_is_told_from_when_that_is_known(
    stack: RunningStack, doors: DoorsClient
) -> None:
    first = ReportedCase(stack, doors, CHECKPOINT_ID)
    second = str(uuid4())
    first.report(onset_at="2021-10-06", isolated_at="2021-10-08")
    first.register()
    first.becomes(person_id=first.person_id)
    wait_until(lambda: first.other_id in people_of(first.trace()), what="the contact")
    before = pass_a_moment()
    report = {"case_id": second, "document_number": first.other_number, "sampled_at": "2021-10-07"}

    def own_cases(**more: Any) -> list[str] | None:
        for person in first.trace(**more)["people"]:
            if person["person_id"] == first.other_id:
                own_case_ids: list[str] = person["own_case_ids"]
                return own_case_ids
        return None

    doors.post("/cases", report | {"reported_at": "2021-10-08"})
    wait_until(lambda: own_cases() == [second], what="the contact to be a case")
    assert own_cases(known_at=before) == []
    doors.post("/cases", report | {"status": "retracted", "reported_at": "2021-10-09"})
    wait_until(lambda: own_cases() == [], what="the contact to be none")


def test_what_a_link_says_later_is_not_in_the_answer_of_before_and_is_told_beside_it(
    stack: RunningStack, doors: DoorsClient
) -> None:
    """Case and contact show numbers that nobody knows until the register says whose they are."""
    case = ReportedCase(stack, doors, CHECKPOINT_ID)
    contact = ReportedCase(stack, doors, CHECKPOINT_ID)
    own, other_own = stand_in(stack, case), stand_in(stack, contact)
    for person in (case, contact):
        show(doors, person.old_number, OF_THE_LINKS, "2021-10-05T09:00:00")
    case.report(onset_at="2021-10-06", isolated_at="2021-10-08", reported_at="2021-10-08")
    case.becomes(person_id=own)
    wait_until(lambda: case.trace()["generations"] == [1], what="the contact to be found")
    before = pass_a_moment()
    for person in (case, contact):
        person.register(permanent_code="21025")
    case.becomes(person_id=case.person_id, reports=1)
    reassigned = {own: [case.person_id], other_own: [contact.person_id]}

    def linked() -> dict[str, Any] | None:
        trace = case.trace(known_at=before)
        is_linked = (
            trace["moved_since"] == reassigned
            and case.other_id in trace["learnt_since"]
            and trace["withdrawn_since"] == []
        )
        return trace if is_linked else None

    then = wait_until(linked, what="the links, in both tables of presences")
    assert then["person_id"] == own
    assert people_of(then) == [other_own]
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
    case = ReportedCase(stack, doors, CHECKPOINT_ID)
    stranger = stand_in(stack, case)
    show(doors, case.old_number, CHECKPOINT_ID, "2021-10-05T08:00:00")
    case.report(document_number=case.number, onset_at="2021-10-06", isolated_at="2021-10-08")
    case.becomes(person_id=case.person_id)
    wait_until(lambda: stranger in people_of(case.trace()), what="the stranger to be found")
    before = pass_a_moment()
    case.register()

    def linked() -> dict[str, Any] | None:
        trace = case.trace(known_at=before)
        return trace if trace["moved_since"] == {stranger: [case.person_id]} else None

    then = wait_until(linked, what="the link")
    assert then["withdrawn_since"] == [stranger]
    assert stranger in people_of(then)
    assert stranger not in people_of(case.trace())


def test_rules_adopted_later_are_not_those_of_before(
    stack: RunningStack, doors: DoorsClient
) -> None:
    """The rules come into force only later, so that no other trace goes by them."""
    case = ReportedCase(stack, doors, CHECKPOINT_ID)
    name = f"rules-{uuid4().hex[:8]}"
    question = {
        "person_id": case.person_id,
        "onset_at": "2021-10-06",
        "isolated_at": "2021-10-08",
        "rules_id": name,
        "depth": 1,
    }
    before = pass_a_moment()
    doors.put(
        f"/reference/exposure-rules/{name}",
        {"source": "Công văn thử", "days_before_onset": 1, "valid_from": "2040-01-01"},
    )
    trace = wait_until(lambda: answered(doors, question), what="the rules")
    assert trace["since"] == "2021-10-04T17:00:00Z"
    with pytest.raises(Refused, match="name a set of rules"):
        doors.post("/traces/forward", question | {"known_at": before})


def stand_in(stack: RunningStack, case: ReportedCase) -> str:
    """Returns the person that the old number stands for until the register knows it."""
    pseudonyms = Pseudonyms(stack.settings.person_key.get_secret_value())
    return pseudonyms.person_of(pseudonyms.document(Document(DocumentKind.CMND, case.old_number)))


def answered(doors: DoorsClient, question: dict[str, Any]) -> dict[str, Any] | None:
    try:
        trace: dict[str, Any] = doors.post("/traces/forward", question)
    except Refused:
        return None
    return trace


def test_a_contact_infects_others_until_an_order_isolates_them(
    stack: RunningStack, doors: DoorsClient
) -> None:
    """The contact met somebody two days after the case was isolated.

    An order that began later leaves them time for it.
    """
    case = ReportedCase(stack, doors, CHECKPOINT_ID)
    met = next_number()
    show(doors, case.other_number, OF_THE_LINKS, "2021-10-07T10:00:00")
    show(doors, met, OF_THE_LINKS, "2021-10-07T10:01:00")
    case.report(document_number=case.number, onset_at="2021-10-06", isolated_at="2021-10-05T12:00")
    case.becomes(person_id=case.person_id)
    later = doors.get("/people/lookup", document=met)["person_id"]
    wait_until(
        lambda: later in people_of(case.trace(depth=2, contacts_isolated_at="2021-10-08")),
        what="the later contact",
    )
    assert later not in people_of(case.trace(depth=2))
    before = pass_a_moment()
    order = {
        "document_number": case.other_number,
        "kind": "quarantine",
        "unit_code": "21025",
        "begins_at": "2021-10-08T08:00",
    }
    order_id = doors.post("/orders", order)["order_id"]

    def isolated_later() -> dict[str, Any] | None:
        trace = case.trace(depth=2)
        return trace if later in people_of(trace) else None

    trace = wait_until(isolated_later, what="the order")
    isolated = {person["person_id"]: person["isolated_at"] for person in trace["people"]}
    assert isolated[case.other_id] == "2021-10-08T01:00:00Z"
    assert isolated[later] is None
    then = case.trace(depth=2, known_at=before)
    assert later not in people_of(then)
    assert later in then["learnt_since"]
    doors.post("/orders", order | {"order_id": order_id, "document_number": met})
    wait_until(
        lambda: later not in people_of(case.trace(depth=2)), what="the order to be the other's"
    )
