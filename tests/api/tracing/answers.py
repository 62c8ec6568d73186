"""Answers of forward traces, made by hand, for the tests of what they are exported as."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

AT = datetime(2021, 9, 15, 8, tzinfo=UTC)
CASE = "0" * 32


def contact(source: str, other: str, place: str = 'post:"a", b') -> dict[str, Any]:
    ids = {"source_presence_id": f"of {source}", "contact_presence_id": f"of {other}"}
    return {
        "source_id": source,
        "contact_id": other,
        "place": place,
        "met_from": AT,
        "met_to": AT,
        "apart_s": 2.5,
        "known_by": ("scan", "report"),
        "granularity": ("second", "hour"),
        "parts": ("", "post:binh-de/lane-2"),
        "uncertain_s": 3600.0,
        "rule": "apart_minutes",
        **ids,
    }


def person(name: str, generation: int, *chain: dict[str, Any]) -> dict[str, Any]:
    facts = {
        "person_id": name,
        "generation": generation,
        "exposed_at": AT,
        "last_exposed_at": AT,
        "residence_code": "21439",
        "own_case_ids": list[str](),
    }
    facts |= {
        "isolated_at": None,
        "exposed_by": chain[-1]["source_id"],
        "exposed_place": chain[-1]["place"],
    }
    return {**facts, "chain": list(chain), "contacts": [chain[-1]], "more_contacts": 3}


PEOPLE = [person("b", 1, contact("a", "b")), person("c", 2, contact("a", "b"), contact("b", "c"))]


def pseudonym(number: int) -> str:
    return f"{number:032x}"


def reached(f1: int, f2: int = 0, place: str = "post:binh-de") -> list[dict[str, Any]]:
    """`f1` people from the case, and `f2` from those in turn."""
    first = [person(pseudonym(n), 1, contact(CASE, pseudonym(n), place)) for n in range(1, f1 + 1)]
    sources = [first[n % f1] for n in range(f2)]
    return first + [
        person(pseudonym(n), 2, *source["chain"], contact(source["person_id"], pseudonym(n), place))
        for n, source in enumerate(sources, start=f1 + 1)
    ]


def milestone(day: int) -> dict[str, Any]:
    began = AT + timedelta(days=day)
    stay = {"place": f"site:cho-{day}", "began_at": began, "ended_at": began + timedelta(hours=1)}
    return stay | {"known_by": "site_declaration", "granularity": "second"}


def answer(people: list[dict[str, Any]], **more: Any) -> dict[str, Any]:
    counts = Counter(one["generation"] for one in people)
    return {
        "person_id": CASE,
        "rules": {
            "rules_id": "QD-3638",
            "source": "Quyết định 3638/QĐ-BYT",
            "assumed": ["apart_minutes", "of_tomorrow"],
        },
        "since": AT - timedelta(days=3),
        "until": AT + timedelta(days=4),
        "contacts_until": AT + timedelta(days=4),
        "stays": 3,
        "milestones": [milestone(day) for day in range(3)],
        "known_at": None,
        "ranked_by": "the strongest first",
        "generations": [counts[1], counts[2]],
        "communes": [
            {
                "unit_code": "21439",
                "name": "Phường Nguyễn Nghiêm",
                "district": "Thị xã Đức Phổ",
                "people": len(people),
            }
        ],
        "people": people,
        "unlisted": [
            {"source_id": CASE, "place": "site:cho", "began_at": AT, "more": 471},
            *more.pop("unlisted", []),
        ],
        "not_followed": {1: 83},
        "learnt_since": [],
        "withdrawn_since": [],
        "moved_since": {},
        **more,
    }
