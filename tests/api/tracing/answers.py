"""Answers of forward traces, made by hand, for the tests of what they are exported as."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

from api.tracing.forward_trace import (
    ForwardTrace,
    TraceCommune,
    TraceContact,
    TraceCrowd,
    TracePerson,
    TraceRules,
    TraceStay,
)

AT = datetime(2021, 9, 15, 8, tzinfo=UTC)
CASE = "0" * 32


def contact(source: str, other: str, place: str = 'post:"a", b') -> TraceContact:
    return TraceContact(
        source_id=source,
        contact_id=other,
        place=place,
        parts=("", "post:binh-de/lane-2"),
        source_presence_id=f"of {source}",
        contact_presence_id=f"of {other}",
        met_from=AT,
        met_to=AT,
        apart_s=2.5,
        known_by=("scan", "report"),
        granularity=("second", "hour"),
        uncertain_s=3600.0,
        rule="apart_minutes",
    )


def person(name: str, generation: int, *chain: TraceContact) -> TracePerson:
    return TracePerson(
        person_id=name,
        generation=generation,
        exposed_at=AT,
        exposed_by=chain[-1].source_id,
        exposed_place=chain[-1].place,
        last_exposed_at=AT,
        chain=list(chain),
        contacts=[chain[-1]],
        more_contacts=3,
        residence_code="21439",
    )


PEOPLE = [person("b", 1, contact("a", "b")), person("c", 2, contact("a", "b"), contact("b", "c"))]


def pseudonym(number: int) -> str:
    return f"{number:032x}"


def reached(f1: int, f2: int = 0, place: str = "post:binh-de") -> list[TracePerson]:
    """Returns `f1` people from the case, and `f2` from those in turn."""
    people = list[TracePerson]()
    for number in range(1, f1 + 1):
        step = contact(CASE, pseudonym(number), place)
        people.append(person(pseudonym(number), 1, step))
    for number in range(f2):
        source = people[number % f1]
        name = pseudonym(f1 + 1 + number)
        step = contact(source.person_id, name, place)
        people.append(person(name, 2, *source.chain, step))
    return people


def milestone(day: int) -> TraceStay:
    began = AT + timedelta(days=day)
    ended = began + timedelta(hours=1)
    return TraceStay(f"site:cho-{day}", began, ended, "site_declaration", "second")


def crowd(place: str = "site:cho", more: int = 471, source: str = CASE) -> TraceCrowd:
    return TraceCrowd(source_id=source, place=place, began_at=AT, more=more)


def commune(name: str, district: str, code: str = "21439", people: int = 1) -> TraceCommune:
    return TraceCommune(unit_code=code, name=name, district=district, people=people)


def answer(
    people: list[TracePerson],
    *,
    communes: list[TraceCommune] | None = None,
    more_crowds: list[TraceCrowd] | None = None,
    **more: Any,
) -> ForwardTrace:
    counts = Counter(reached_person.generation for reached_person in people)
    if communes is None:
        communes = [commune("Phường Nguyễn Nghiêm", "Thị xã Đức Phổ", people=len(people))]
    facts: dict[str, Any] = {
        "person_id": CASE,
        "since": AT - timedelta(days=3),
        "until": AT + timedelta(days=4),
        "contacts_until": AT + timedelta(days=4),
        "stays": 3,
        "milestones": [milestone(day) for day in range(3)],
        "known_at": None,
    }
    return ForwardTrace(
        **facts | more,
        rules=TraceRules(
            rules_id="QD-3638",
            source="Quyết định 3638/QĐ-BYT",
            follow_days=None,
            assumed=["apart_minutes", "of_tomorrow"],
        ),
        ranked_by="the strongest first",
        generations=[counts[1], counts[2]],
        communes=communes,
        people=people,
        crowds=[crowd(), *(more_crowds or [])],
        not_followed={1: 83},
    )
