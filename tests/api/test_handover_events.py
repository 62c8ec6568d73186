"""A trace as lists: the same trace always makes the same issue.

A list ends with the word that it is complete.
"""

from datetime import UTC, datetime, timedelta

from api.handovers.events import HandoverTerms, content, issue_events, lines_by_commune
from api.tracing.forward_trace import TracePerson
from schemas.contract.events import ContactHandedOver, HandoverIssued
from schemas.contract.ids import CaseId

AT = datetime(2021, 9, 15, 8, tzinfo=UTC)
CASE = CaseId("00000000-0000-5000-8000-000000000044")


def person(name: str, commune: str, last_exposed_at: datetime = AT) -> TracePerson:
    return TracePerson(
        person_id=name * 32,
        generation=1,
        exposed_at=AT,
        exposed_by="a" * 32,
        exposed_place="site:market",
        last_exposed_at=last_exposed_at,
        chain=[],
        contacts=[],
        more_contacts=0,
        residence_code=commune,
    )


def terms(at: datetime = AT) -> HandoverTerms:
    return HandoverTerms(CASE, "QD-3638", 2, 14, 0, timedelta(hours=4), at, "tracer")


def test_people_are_listed_by_commune_and_followed_from_their_last_exposure() -> None:
    lines = lines_by_commune([person("b", "21025"), person("c", "21439"), person("d", "")], 14)
    assert {code: [line.person_id[0] for line in listed] for code, listed in lines.items()} == {
        "21025": ["b"],
        "21439": ["c"],
        "": ["d"],
    }
    assert lines["21025"][0].follow_until.isoformat() == "2021-09-29"


def test_an_exposure_before_midnight_in_vietnam_ends_a_day_before_one_after() -> None:
    midnight = datetime(2021, 9, 15, 17, tzinfo=UTC)
    days = [
        lines_by_commune([person("b", "", at)], 14)[""][0].follow_until.day
        for at in (midnight - timedelta(seconds=1), midnight)
    ]
    assert days == [29, 30]


def test_the_same_lines_make_the_same_issue_whenever_it_is_made() -> None:
    lines = lines_by_commune([person("b", "21025"), person("c", "21025")], 14)["21025"]
    once = issue_events(terms(), "21025", lines, None)
    again = issue_events(terms(AT + timedelta(hours=1)), "21025", lines[::-1], None)
    assert once[-1].event_id == again[-1].event_id
    assert {event.event_id for event in once} == {event.event_id for event in again}
    assert issue_events(terms(), "21025", lines[:1], None)[-1].event_id != once[-1].event_id


def test_the_word_that_a_list_is_complete_comes_last() -> None:
    lines = lines_by_commune([person("b", "21025"), person("c", "21025")], 14)["21025"]
    *listed, complete = issue_events(terms(), "21025", lines, None)
    assert (
        isinstance(complete, HandoverIssued)
        and complete.people == 2
        and complete.deadline_at == AT + timedelta(hours=4)
    )
    assert all(
        isinstance(event, ContactHandedOver) and event.issue_id == complete.event_id
        for event in listed
    )


def test_an_exposure_at_home_that_goes_on_does_not_revise_a_list_within_the_day() -> None:
    begin = lines_by_commune([person("b", "21025", AT)], 14)["21025"]
    later = lines_by_commune([person("b", "21025", AT + timedelta(hours=2))], 14)["21025"]
    tomorrow = lines_by_commune([person("b", "21025", AT + timedelta(days=1))], 14)["21025"]
    assert content(begin) == content(later) != content(tomorrow)
