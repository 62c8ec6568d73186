"""People who stay on a list, have left it, or are somebody else by now."""

import asyncio
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any, cast

from msgspec import structs

from api.doors.services import Services
from api.handovers.lists import Line
from api.handovers.retained import retained_lines
from api.handovers.since_issued import followed_by
from api.tracing.forward_trace import ForwardTrace, TraceCrowd
from tests.api.tracing import answers

AT = datetime(2021, 9, 15, 8, tzinfo=UTC)


def line(person: str, source: str, place: str = "site:market", generation: int = 1) -> Line:
    exposed: dict[str, Any] = {
        "exposed_at": AT,
        "last_exposed_at": AT,
        "follow_until": date(2021, 9, 29),
    }
    return Line(person_id=person, generation=generation, source_id=source, place=place, **exposed)


def trace(**more: Any) -> ForwardTrace:
    contact = answers.contact("f0", "f1")
    whole = answers.answer([answers.person("f1", 1, contact)], person_id="f0")
    bare: dict[str, Any] = {"generations": [1, 0], "crowds": [], "not_followed": {}}
    return structs.replace(whole, **bare | more)


STATION = TraceCrowd("f0", "site:station", AT - timedelta(minutes=5), more=1)


def retained(*missing: Line, identities: dict[str, str] | None = None, **more: Any) -> list[str]:
    lines = retained_lines(missing, trace(**more), identities or {})
    return [line.person_id for line in lines]


def test_a_crowd_retains_those_who_were_met_in_it_and_nobody_else() -> None:
    there, elsewhere, of_another = (
        line("a", "f0", "site:station"),
        line("b", "f0", "site:yard"),
        line("c", "f1", "site:station"),
    )
    assert retained(there, elsewhere, of_another, crowds=[STATION]) == ["a"]


def test_a_crowd_at_a_part_of_a_place_retains_those_known_only_to_have_been_at_the_place() -> None:
    at_the_gate = structs.replace(STATION, place="site:station/gate-2")
    there, elsewhere = line("a", "f0", "site:station"), line("b", "f0", "site:station/gate-1")
    assert retained(there, elsewhere, crowds=[at_the_gate]) == ["a"]


def test_a_crowd_of_another_day_retains_nobody() -> None:
    yesterday = line("a", "f0", "site:station").model_copy(
        update={"exposed_at": AT - timedelta(days=1)}
    )
    assert retained(yesterday, crowds=[STATION]) == []


def test_nobody_is_retained_of_a_generation_that_is_not_asked_for() -> None:
    assert retained(
        line("a", "f0", "site:station"),
        line("b", "a", generation=2),
        crowds=[STATION],
        generations=[1],
    ) == ["a"]


def test_whoever_was_met_by_somebody_who_is_retained_is_retained_too() -> None:
    assert retained(
        line("b", "a", generation=2), line("a", "f0", "site:station"), crowds=[STATION]
    ) == [
        "a",
        "b",
    ]


def test_whoever_was_met_by_somebody_of_a_generation_not_wholly_followed_is_retained() -> None:
    assert retained(line("a", "f1", generation=2), line("b", "f0"), not_followed={1: 3}) == ["a"]


def test_a_crowd_is_the_cases_own_whatever_it_was_called_when_the_list_was_issued() -> None:
    there = line("a", "f0 by an old number", "site:station")
    assert retained(there, crowds=[STATION]) == []
    assert retained(there, identities={"f0 by an old number": "f0"}, crowds=[STATION]) == ["a"]


def followed(
    people: list[str], rows: list[dict[str, Any]], identities: dict[str, str] | None = None
) -> dict[str, str]:
    async def ask_people(*_: Any) -> list[dict[str, Any]]:
        return rows

    doors = cast(Services, SimpleNamespace(clickhouse=SimpleNamespace(ask_people=ask_people)))
    listed = [line(person, "f0") for person in people]
    return asyncio.run(followed_by(doors, listed, identities or {}))


ON_A_LIST: dict[str, Any] = {
    "person_id": "p",
    "unit_code": "21025",
    "follow_until": date(2021, 9, 20),
}


def test_two_documents_of_one_person_are_both_followed_where_the_person_is() -> None:
    assert followed(["d", "e", "q"], [ON_A_LIST], {"d": "p", "e": "p"}) == {
        "d": "21025",
        "e": "21025",
    }


def test_a_list_that_ended_before_the_exposure_follows_nobody() -> None:
    assert followed(["p"], [ON_A_LIST | {"follow_until": date(2021, 9, 14)}]) == {}
    assert followed(["p"], [ON_A_LIST | {"follow_until": date(2021, 9, 15)}]) == {"p": "21025"}
