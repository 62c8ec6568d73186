"""The fields that a hand-over takes over from the last one of its case."""

import asyncio
from typing import Any, cast
from uuid import UUID

import orjson
import pytest

from api.backends.clickhouse import ReadSide
from api.handovers.handover_request import HandoverIn, with_last_request

CASE = UUID(int=7)
MILESTONE = {
    "place": "site:market",
    "began_at": "2021-09-14T01:00:00Z",
    "ended_at": "2021-09-14T02:00:00Z",
}


def completed(last: dict[str, Any] | None, **claimed: Any) -> tuple[HandoverIn, list[str]]:
    class Queries:
        async def ask(self, name: str, parameters: Any) -> list[dict[str, str]]:
            return [] if last is None else [{"question": orjson.dumps(last).decode()}]

    body = HandoverIn(case_id=CASE, **claimed)
    return asyncio.run(with_last_request(cast(ReadSide, Queries()), body))


def test_whatever_is_left_out_is_as_it_was() -> None:
    body, taken_over = completed({"depth": 3, "milestones": [MILESTONE]}, follow_days=14)
    assert (body.depth, body.follow_days, [milestone.place for milestone in body.milestones]) == (
        3,
        14,
        ["site:market"],
    )
    assert taken_over == ["depth", "milestones"]


@pytest.mark.parametrize("claimed", [{"depth": 1}, {"depth": 2}])
def test_what_is_said_holds_also_where_it_is_what_is_usual(claimed: dict[str, Any]) -> None:
    body, taken_over = completed({"depth": 3}, **claimed)
    assert (body.depth, taken_over) == (claimed["depth"], [])


def test_a_first_hand_over_and_one_anew_take_nothing_over() -> None:
    for last, claimed in ((None, {}), ({"depth": 3}, {"anew": True})):
        body, taken_over = completed(last, **claimed)
        assert (body.depth, taken_over) == (2, [])


def test_what_an_older_version_took_and_this_one_does_not_is_left_out_alone() -> None:
    body, taken_over = completed(
        {"depth": 3, "milestones": [MILESTONE | {"place": "shop:7"}], "of_yesterday": 1}
    )
    assert (body.depth, body.milestones, taken_over) == (3, [], ["depth"])
