"""A contact data set from elsewhere is loaded row by row and traced as if we had seen it."""

import json
from functools import partial
from random import randrange
from typing import Any
from uuid import uuid4

import pytest

from infra.tools.doors_client import DoorsClient, Refused
from schemas.domain.pseudonyms import Pseudonyms
from tests.running_stack import RunningStack
from tests.waiting import wait_until

pytestmark = pytest.mark.live

DATA_SET = """person,peer,from,to,distance_m
{0}a,{0}b,2021-09-15T08:00:00,2021-09-15T08:20:00,1.0
{0}b,{0}c,2021-09-15T09:00:00,2021-09-15T09:20:00,1.9
{0}b,{0}d,2021-09-15T07:00:00,2021-09-15T07:20:00,1.0
{0}a,{0}e,2021-09-15T08:00:00,2021-09-15T08:20:00,2.1
{0}a,{0}f,2021-09-15T08:30:00,2021-09-15T08:40:00,
"""
"""b met a and then c; d met b too early; e kept away; f was met for ten minutes."""


@pytest.mark.parametrize(
    ("rules_id", "generations"),
    [("QD-3638", {"b": 1, "f": 1, "c": 2}), ("CV-11042", {"b": 1, "c": 2})],
)
def test_a_contact_data_set_is_traced_by_distance_duration_and_order(
    doors: DoorsClient, rules_id: str, generations: dict[str, int]
) -> None:
    name = f"external:{uuid4()}/"
    answer = doors.post_table("/presences/batch", DATA_SET.format(name).encode(), "text/csv")
    assert answer["accepted"] == 5
    people = {
        doors.get("/people/lookup", document=f"{name}{letter}")["person_id"]: letter
        for letter in "abcdef"
    }
    case = next(person for person, letter in people.items() if letter == "a")
    question = {
        "person_id": case,
        "since": "2021-09-15T00:00:00",
        "isolated_at": "2021-09-16",
        "rules_id": rules_id,
        "depth": 3,
    }

    def traced() -> dict[str, int]:
        return {
            people[contact["person_id"]]: contact["generation"]
            for contact in doors.post("/traces/forward", question)["people"]
        }

    assert (
        wait_until(
            lambda: found if len(found := traced()) == len(generations) else None,
            what="the data set",
            poll_s=0.3,
        )
        == generations
    )


def test_those_who_declare_at_one_site_and_those_who_live_together_are_contacts(
    stack: RunningStack, doors: DoorsClient
) -> None:
    pseudonyms = Pseudonyms(stack.settings.person_key.get_secret_value())
    numbers = [f"0511907{randrange(10**5):05d}" for _ in range(4)]
    case, met, housemate, elsewhere = (pseudonyms.person(number) for number in numbers)
    site, household = f"station-{uuid4().hex[:8]}", uuid4().hex
    for number, declared, at in zip(
        numbers, ("08:00", "08:14", "20:00", "08:20"), (site, site, None, site), strict=True
    ):
        journey = {
            "origin_code": "21025",
            "destination_code": "21439",
            "departure_at": f"2021-10-07T{declared}",
        }
        said = {
            "full_name": "Lê Văn An",
            "birth_date": "1990",
            "declared_at": f"2021-10-07T{declared}",
            "site_id": at,
        }
        doors.post("/declarations", {"document_number": number, **journey, **said})
    for number in (numbers[0], numbers[2]):
        row = {
            "person_number": number,
            "full_name": "Lê Văn An",
            "birth_date": "1990-01-01",
            "sex": "male",
            "household_number": household,
        }
        doors.post("/registry/citizens", row)

    question = {
        "person_id": case,
        "onset_at": "2021-10-08",
        "isolated_at": "2021-10-09",
        "depth": 1,
    }

    def reached() -> dict[str, str]:
        return {
            contact["person_id"]: contact["chain"][-1]["place"]
            for contact in doors.post("/traces/forward", question)["people"]
        }

    wait_until(lambda: len(reached()) >= 2, what="both contacts")
    assert reached() == {
        met: f"site:{site}",
        housemate: f"household:{pseudonyms.household(household)}",
    }
    assert elsewhere not in reached()
    people = doors.post("/traces/forward", question)["people"]
    known_by = {person["person_id"]: person["chain"][-1]["known_by"] for person in people}
    assert known_by == {
        met: ["site_declaration", "site_declaration"],
        housemate: ["register", "register"],
    }


def test_a_presence_says_what_kind_of_fact_it_rests_on_and_how_exact_it_is(
    doors: DoorsClient,
) -> None:
    place, day = f"site:{uuid4()}", "2021-10-07"
    stay = {
        "person": "external:a",
        "place": place,
        "from": f"{day}T08:00:00",
        "to": f"{day}T12:00:00",
        "granularity": "half_day",
    }
    doors.post("/presences", stay)
    asked = {"place": place, "from": day, "to": "2021-10-08"}
    found = wait_until(
        lambda: doors.get("/traces/place", **asked)["presences"], what="the presence"
    )
    assert [(presence["source"], presence["granularity"]) for presence in found] == [
        ("report", "half_day")
    ]


def test_a_vehicle_is_asked_for_by_its_plate_wherever_a_place_is(doors: DoorsClient) -> None:
    plate, day = f"76C-{randrange(10**5):05d}", "2021-10-07"
    on_board = {"from": f"{day}T08:00:00", "to": f"{day}T09:00:00"}
    doors.post("/presences", {"person": "external:a", "place": f"vehicle:{plate}", **on_board})
    whole = {"from": day, "to": "2021-10-08"}
    there = wait_until(
        lambda: doors.get("/traces/place", plate=plate, **whole)["presences"], what="the presence"
    )
    assert (
        doors.get("/traces/place", place=f"vehicle:{plate.lower()}", **whole)["presences"] == there
    )
    told = {"place": f"vehicle:{plate}", "began_at": on_board["from"], "ended_at": on_board["to"]}
    question = {
        "person_id": "0" * 32,
        "onset_at": "2021-10-08",
        "isolated_at": "2021-10-09",
        "depth": 1,
        "milestones": [told],
    }
    assert [
        person["person_id"] for person in doors.post("/traces/forward", question)["people"]
    ] == [there[0]["person_id"]]
    with pytest.raises(Refused, match="milestones"):
        doors.post("/traces/forward", question | {"milestones": [told | {"place": "vehicle:!"}]})


def named(doors: DoorsClient, asked: dict[str, Any]) -> list[dict[str, Any]]:
    told: list[dict[str, Any]] = doors.post("/reveals", asked)["identities"]
    return told


def test_a_tracer_learns_who_somebody_at_a_place_or_in_a_trace_is_and_the_look_is_kept(
    stack: RunningStack, doors: DoorsClient
) -> None:
    """The look happens before any list has them."""
    place, day, number = f"site:{uuid4()}", "2021-10-07", f"051190{randrange(10**6):06d}"
    row = {
        "person_number": number,
        "full_name": "Lê Văn An",
        "birth_date": "1990-01-01",
        "sex": "male",
        "permanent_code": "21025",
    }
    doors.post("/registry/citizens", row)
    for person in (number, "external:a"):
        doors.post(
            "/presences",
            {"person": person, "place": place, "from": f"{day}T08:00:00", "to": f"{day}T10:00:00"},
        )
    met, case = (
        doors.get("/people/lookup", document=document)["person_id"]
        for document in (number, "external:a")
    )
    at = {"place": place, "from": day, "to": day}
    wait_until(lambda: doors.get("/traces/place", **at)["people"] == 2, what="the presences")
    since = {"person_id": case, "onset_at": "2021-10-08"}
    questions = (
        {"at": at},
        {"forward": since | {"isolated_at": "2021-10-09"}},
        {"backward": since | {"days_before": 14}},
    )
    purpose = {"purpose": "to call them today", "person_ids": [met]}
    for question in questions:
        told = wait_until(partial(named, doors, question | purpose), what="the name")
        assert [(identity["person_id"], identity["full_name"]) for identity in told] == [
            (met, "Lê Văn An")
        ]
    looks = wait_until(
        lambda: kept if len(kept := doors.get("/reveals", person_id=met)["reveals"]) >= 3 else None,
        what="the looks",
    )
    assert {next(iter(json.loads(look["question"]))) for look in looks} == {"place", "person_id"}
    with pytest.raises(Refused, match="not in the answer"):
        doors.post(
            "/reveals", {"at": at, "purpose": "to call them today", "person_ids": ["0" * 32]}
        )
    for question in questions[1:]:
        with pytest.raises(Refused, match="not in the answer"):
            doors.post("/reveals", question | purpose | {"person_ids": [case]})
    with pytest.raises(Refused, match="person_ids"):
        doors.post("/reveals", {"at": at, "purpose": "out of curiosity"})
    with DoorsClient(stack.settings, "committee") as committee, pytest.raises(Refused, match="403"):
        committee.post("/reveals", {"at": at} | purpose)


def test_a_place_tells_of_those_in_its_parts_and_of_the_parts(doors: DoorsClient) -> None:
    place, day = f"site:{uuid4()}", "2021-10-07"
    parts = [place, f"{place}/hall-1", f"{place}/hall-1/stall-3", f"{place}-elsewhere"]
    for part in parts:
        doors.post(
            "/presences",
            {
                "person": "external:a",
                "place": part,
                "from": f"{day}T08:00:00",
                "to": f"{day}T10:00:00",
            },
        )
    within = {"from": day, "to": "2021-10-08"}
    wait_until(
        lambda: len(doors.get("/traces/place", place=place, **within)["presences"]) == 3,
        what="the presences",
    )
    assert {
        presence["place"]
        for presence in doors.get("/traces/place", place=place, **within)["presences"]
    } == {*parts[:3]}
    assert {
        presence["place"]
        for presence in doors.get("/traces/place", place=parts[1], **within)["presences"]
    } == {*parts[1:3]}


def test_a_place_tells_of_how_many_presences_it_lists_only_some(doors: DoorsClient) -> None:
    place, day = f"site:{uuid4()}", "2021-10-07"
    for person, hour in (("external:a", 8), ("external:b", 9), ("external:a", 10)):
        doors.post(
            "/presences",
            {
                "person": person,
                "place": place,
                "from": f"{day}T{hour:02}:00:00",
                "to": f"{day}T{hour:02}:30:00",
            },
        )
    asked = {"place": place, "from": day, "to": "2021-10-08"}
    wait_until(
        lambda: len(doors.get("/traces/place", **asked)["presences"]) == 3, what="the presences"
    )
    some = doors.get("/traces/place", limit=1, **asked)
    assert some["people"] == 2
    assert [presence["began_at"] for presence in some["presences"]] == [f"{day}T01:00:00Z"]
    assert some["more"] == 2
    none = doors.get("/traces/place", place=f"site:{uuid4()}", **{"from": day, "to": "2021-10-08"})
    assert none["people"] == 0
    assert none["presences"] == []
    assert none["more"] == 0
