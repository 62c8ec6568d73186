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
    response = doors.post_table("/presences/batch", DATA_SET.format(name).encode(), "text/csv")
    assert response["accepted"] == 5
    letters = {}
    for letter in "abcdef":
        person_id = doors.get("/people/lookup", document=f"{name}{letter}")["person_id"]
        letters[person_id] = letter
    request = {
        "person_id": doors.get("/people/lookup", document=f"{name}a")["person_id"],
        "since": "2021-09-15T00:00:00",
        "isolated_at": "2021-09-16",
        "rules_id": rules_id,
        "depth": 3,
    }

    def traced() -> dict[str, int] | None:
        people = doors.post("/traces/forward", request)["people"]
        found = {letters[person["person_id"]]: person["generation"] for person in people}
        return found if len(found) == len(generations) else None

    assert wait_until(traced, what="the data set", poll_s=0.3) == generations


def test_those_who_declare_at_one_site_and_those_who_live_together_are_contacts(
    stack: RunningStack, doors: DoorsClient
) -> None:
    pseudonyms = Pseudonyms(stack.settings.person_key.get_secret_value())
    numbers = [f"0511907{randrange(10**5):05d}" for _ in range(4)]
    case, met, housemate, elsewhere = (pseudonyms.person(number) for number in numbers)
    site, household = f"station-{uuid4().hex[:8]}", uuid4().hex
    declared = (("08:00", site), ("08:14", site), ("20:00", None), ("08:20", site))
    for number, (time, site_id) in zip(numbers, declared, strict=True):
        declaration = {
            "document_number": number,
            "full_name": "Lê Văn An",
            "birth_date": "1990",
            "origin_code": "21025",
            "destination_code": "21439",
            "departure_at": f"2021-10-07T{time}",
            "declared_at": f"2021-10-07T{time}",
            "site_id": site_id,
        }
        doors.post("/declarations", declaration)
    for number in (numbers[0], numbers[2]):
        row = {
            "person_number": number,
            "full_name": "Lê Văn An",
            "birth_date": "1990-01-01",
            "sex": "male",
            "household_number": household,
        }
        doors.post("/registry/citizens", row)

    request = {
        "person_id": case,
        "onset_at": "2021-10-08",
        "isolated_at": "2021-10-09",
        "depth": 1,
    }

    def last_steps() -> dict[str, dict[str, Any]]:
        people = doors.post("/traces/forward", request)["people"]
        return {person["person_id"]: person["chain"][-1] for person in people}

    wait_until(lambda: len(last_steps()) >= 2, what="both contacts")
    steps = last_steps()
    assert elsewhere not in steps
    assert steps.keys() == {met, housemate}
    assert steps[met]["place"] == f"site:{site}"
    assert steps[met]["known_by"] == ["site_declaration", "site_declaration"]
    assert steps[housemate]["place"] == f"household:{pseudonyms.household(household)}"
    assert steps[housemate]["known_by"] == ["register", "register"]


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
    request = {"place": place, "from": day, "to": "2021-10-08"}
    (presence,) = wait_until(
        lambda: doors.get("/traces/place", **request)["presences"], what="the presence"
    )
    assert presence["source"] == "report"
    assert presence["granularity"] == "half_day"


def test_a_vehicle_is_asked_for_by_its_plate_wherever_a_place_is(doors: DoorsClient) -> None:
    plate, day = f"76C-{randrange(10**5):05d}", "2021-10-07"
    on_board = {"from": f"{day}T08:00:00", "to": f"{day}T09:00:00"}
    doors.post("/presences", {"person": "external:a", "place": f"vehicle:{plate}", **on_board})
    whole = {"from": day, "to": "2021-10-08"}
    by_plate = wait_until(
        lambda: doors.get("/traces/place", plate=plate, **whole)["presences"], what="the presence"
    )
    by_place = doors.get("/traces/place", place=f"vehicle:{plate.lower()}", **whole)
    assert by_place["presences"] == by_plate
    milestone = {
        "place": f"vehicle:{plate}",
        "began_at": on_board["from"],
        "ended_at": on_board["to"],
    }
    request = {
        "person_id": "0" * 32,
        "onset_at": "2021-10-08",
        "isolated_at": "2021-10-09",
        "depth": 1,
        "milestones": [milestone],
    }
    people = doors.post("/traces/forward", request)["people"]
    assert [person["person_id"] for person in people] == [by_plate[0]["person_id"]]
    with pytest.raises(Refused, match="milestones"):
        unknown = milestone | {"place": "vehicle:!"}
        doors.post("/traces/forward", request | {"milestones": [unknown]})


def revealed(doors: DoorsClient, request: dict[str, Any]) -> list[dict[str, Any]]:
    identities: list[dict[str, Any]] = doors.post("/reveals", request)["identities"]
    return identities


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
    stay = {"place": place, "from": f"{day}T08:00:00", "to": f"{day}T10:00:00"}
    for person in (number, "external:a"):
        doors.post("/presences", {"person": person, **stay})
    met = doors.get("/people/lookup", document=number)["person_id"]
    case = doors.get("/people/lookup", document="external:a")["person_id"]
    at = {"place": place, "from": day, "to": day}
    wait_until(lambda: doors.get("/traces/place", **at)["people"] == 2, what="the presences")
    since = {"person_id": case, "onset_at": "2021-10-08"}
    requests = (
        {"at": at},
        {"forward": since | {"isolated_at": "2021-10-09"}},
        {"backward": since | {"days_before": 14}},
    )
    purpose = {"purpose": "to call them today", "person_ids": [met]}
    for request in requests:
        identities = wait_until(partial(revealed, doors, request | purpose), what="the name")
        (identity,) = identities
        assert identity["person_id"] == met
        assert identity["full_name"] == "Lê Văn An"

    def all_looks() -> list[dict[str, Any]] | None:
        looks: list[dict[str, Any]] = doors.get("/reveals", person_id=met)["reveals"]
        return looks if len(looks) >= 3 else None

    looks = wait_until(all_looks, what="the looks")
    questions = [json.loads(look["question"]) for look in looks]
    assert {next(iter(question)) for question in questions} == {"place", "person_id"}
    with pytest.raises(Refused, match="not in the answer"):
        doors.post(
            "/reveals", {"at": at, "purpose": "to call them today", "person_ids": ["0" * 32]}
        )
    for request in requests[1:]:
        with pytest.raises(Refused, match="not in the answer"):
            doors.post("/reveals", request | purpose | {"person_ids": [case]})
    with pytest.raises(Refused, match="person_ids"):
        doors.post("/reveals", {"at": at, "purpose": "out of curiosity"})
    with DoorsClient(stack.settings, "committee") as committee, pytest.raises(Refused, match="403"):
        committee.post("/reveals", {"at": at} | purpose)


def test_a_place_tells_of_those_in_its_parts_and_of_the_parts(doors: DoorsClient) -> None:
    place, day = f"site:{uuid4()}", "2021-10-07"
    parts = [place, f"{place}/hall-1", f"{place}/hall-1/stall-3", f"{place}-elsewhere"]
    stay = {"person": "external:a", "from": f"{day}T08:00:00", "to": f"{day}T10:00:00"}
    for part in parts:
        doors.post("/presences", stay | {"place": part})

    def presences(place: str) -> list[dict[str, Any]]:
        request = {"place": place, "from": day, "to": "2021-10-08"}
        found: list[dict[str, Any]] = doors.get("/traces/place", **request)["presences"]
        return found

    wait_until(lambda: len(presences(place)) == 3, what="the presences")
    assert {presence["place"] for presence in presences(place)} == {*parts[:3]}
    assert {presence["place"] for presence in presences(parts[1])} == {*parts[1:3]}


def test_a_place_tells_of_how_many_presences_it_lists_only_some(doors: DoorsClient) -> None:
    place, day = f"site:{uuid4()}", "2021-10-07"
    for person, hour in (("external:a", 8), ("external:b", 9), ("external:a", 10)):
        period = {"from": f"{day}T{hour:02}:00:00", "to": f"{day}T{hour:02}:30:00"}
        doors.post("/presences", {"person": person, "place": place, **period})
    request = {"place": place, "from": day, "to": "2021-10-08"}
    wait_until(
        lambda: len(doors.get("/traces/place", **request)["presences"]) == 3, what="the presences"
    )
    some = doors.get("/traces/place", limit=1, **request)
    assert some["people"] == 2
    assert [presence["began_at"] for presence in some["presences"]] == [f"{day}T01:00:00Z"]
    assert some["more"] == 2
    none = doors.get("/traces/place", **request | {"place": f"site:{uuid4()}"})
    assert none["people"] == 0
    assert none["presences"] == []
    assert none["more"] == 0
