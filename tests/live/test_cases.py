"""A case travels the real path: reported, moved to the right person, traced, retracted."""

from collections.abc import Iterator
from uuid import uuid4

import pytest

from infra.tools.doors_client import DoorsClient, Refused
from tests.reported_case import ReportedCase, describe_checkpoints, pass_a_moment, people_of
from tests.running_stack import RunningStack
from tests.waiting import wait_until

pytestmark = pytest.mark.live

CHECKPOINT_ID = "of-the-cases"


@pytest.fixture
def doors(stack: RunningStack) -> Iterator[DoorsClient]:
    with DoorsClient(stack.settings, "admin") as doors:
        describe_checkpoints(doors, CHECKPOINT_ID)
        yield doors


def test_a_case_is_traced_from_its_person_until_it_is_retracted(
    stack: RunningStack, doors: DoorsClient
) -> None:
    case = ReportedCase(stack, doors, CHECKPOINT_ID)

    # It is reported under the old number, which nobody knows yet. The register then says whose it
    # is, and the case follows.
    case.report(onset_at="2021-10-06", isolated_at="2021-10-08", reported_at="2021-10-08")
    assert case.becomes(status="confirmed")["person_id"] != case.person_id
    case.register()
    case.becomes(person_id=case.person_id, reports=1)

    # The onset decides the period. Three days before the first onset take in the morning at the
    # checkpoint; three days before the second do not.
    wait_until(lambda: case.trace()["generations"] == [1], what="the contact to be found")
    assert people_of(case.trace()) == [case.other_id]
    early = pass_a_moment()
    case.report(onset_at="2021-10-08T12:00:00", isolated_at="2021-10-09", reported_at="2021-10-09")
    case.becomes(reports=2)
    assert case.trace()["generations"] == [0]
    assert case.trace(onset_at="2021-10-06")["generations"] == [1]
    then = case.trace(known_at=early)
    assert people_of(then) == [case.other_id]
    assert then["withdrawn_since"] == [case.other_id]
    assert then["learnt_since"] == []

    # Once retracted it is traced no more. Whom to tell is what was known before.
    before = pass_a_moment()
    case.report(status="retracted", reported_at="2021-10-10")
    case.becomes(status="retracted", reports=3)
    with pytest.raises(Refused, match="the case was retracted"):
        case.trace()
    then = case.trace(known_at=before, onset_at="2021-10-06")
    assert people_of(then) == [case.other_id]
    assert then["withdrawn_since"] == [case.other_id]
    assert then["learnt_since"] == []


def test_of_reports_of_one_instant_the_last_received_holds_and_one_said_again_counts(
    stack: RunningStack, doors: DoorsClient
) -> None:
    case = ReportedCase(stack, doors, CHECKPOINT_ID)
    of_one_instant = {"reported_at": "2021-10-08T00:00:00"}
    reports = (
        {"onset_at": "2021-10-06", **of_one_instant},
        {"status": "retracted", **of_one_instant},
        {"onset_at": "2021-10-05"},
        {"status": "retracted"},
    )
    for count, report in enumerate(reports, start=1):
        pass_a_moment()
        case.report(**report)
        case.becomes(status=report.get("status", "confirmed"), reports=count)
    case.report(onset_at="2021-10-05")
    case.becomes(status="confirmed", reports=5)


def test_a_case_is_traced_back_to_a_known_one_whom_it_met(
    stack: RunningStack, doors: DoorsClient
) -> None:
    source = ReportedCase(stack, doors, CHECKPOINT_ID)
    case = ReportedCase(stack, doors, CHECKPOINT_ID)
    source.report(document_number=source.number, onset_at="2021-10-04")
    source.becomes(person_id=source.person_id)
    question = {"person_id": case.person_id, "onset_at": "2021-10-09", "days_before": 7}
    wait_until(
        lambda: len(doors.post("/traces/backward", question)["sources"]) >= 3, what="the people met"
    )
    answer = doors.post("/traces/backward", question)
    known = [met["person_id"] for met in answer["sources"] if met["known_case"]]
    assert known == [source.person_id]
    assert answer["sources"][0]["person_id"] == source.person_id
    assert answer["milestones"][0]["place"] == "post:of-the-cases"
    assert answer["milestones"][0]["cases"] == [source.person_id]
    assert doors.post("/traces/backward", question | {"known_at": "2021-10-20"})["sources"] == []
    assert "days_before_least" in answer["rules"]["assumed"]
    # The days end before midnight of the ninth in Vietnam; they met at eight in the morning of the
    # fifth.
    for days, was_met in ((3, True), (4, False)):
        caught = doors.post("/traces/backward", question | {"days_before_least": days})
        assert bool(caught["sources"]) is was_met
        assert "days_before_least" not in caught["rules"]["assumed"]
    # Nobody said until when the source was at large. That counts without end, unless the request
    # says for how long.
    assert "infectious_days" in answer["rules"]["assumed"]
    for days, is_known in ((2, True), (1, False)):
        bounded = doors.post(
            "/traces/backward", question | {"onset_at": "2021-10-10", "infectious_days": days}
        )
        known = [met["person_id"] for met in bounded["sources"] if met["known_case"]]
        assert (len(known) == 1) is is_known
        assert "infectious_days" not in bounded["rules"]["assumed"]


def test_a_case_nobody_reported_is_named(doors: DoorsClient) -> None:
    with pytest.raises(Refused, match="no case with this id"):
        doors.post("/traces/forward", {"case_id": str(uuid4())})


@pytest.mark.parametrize("report", [{}, {"status": "retracted"}, {"onset_at": "2199-01-01"}])
def test_a_report_that_does_not_say_enough_is_refused(
    doors: DoorsClient, report: dict[str, str]
) -> None:
    with pytest.raises(Refused, match="422"):
        doors.post("/cases", {"document_number": "051190666000", **report})
