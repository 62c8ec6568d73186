"""A contact data set from elsewhere: loaded row by row, traced as if we had seen it ourselves."""

from collections.abc import Iterator
from uuid import uuid4

import pytest

from infra.doors_client import DoorsClient
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


@pytest.fixture
def doors(stack: RunningStack) -> Iterator[DoorsClient]:
    with DoorsClient(stack.settings, "admin") as doors:
        yield doors


@pytest.mark.parametrize(("rules_id", "generations"), [("QD-3638", {"b": 1, "f": 1, "c": 2}), ("CV-11042", {"b": 1, "c": 2})])
def test_a_contact_data_set_is_traced_by_distance_duration_and_order(
    doors: DoorsClient, rules_id: str, generations: dict[str, int]
) -> None:
    name = f"external:{uuid4()}/"
    answer = doors.post_table("/presences/batch", DATA_SET.format(name).encode(), "text/csv")
    assert answer["accepted"] == 5
    people = {doors.get("/people/lookup", document=f"{name}{one}")["person_id"]: one for one in "abcdef"}
    case = next(person for person, one in people.items() if one == "a")
    question = {"person_id": case, "since": "2021-09-15T00:00:00", "isolated_at": "2021-09-16", "rules_id": rules_id, "depth": 3}

    def traced() -> dict[str, int]:
        return {people[one["person_id"]]: one["generation"] for one in doors.post("/traces/forward", question)["people"]}

    assert (
        wait_until(lambda: found if len(found := traced()) == len(generations) else None, 20, what="the data set", poll_s=0.3)
        == generations
    )
