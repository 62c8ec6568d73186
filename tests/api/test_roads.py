"""Posts and roads at the doors: what stands open, how far it is, where to send people on."""

from datetime import UTC, datetime
from typing import Any

import pytest

from schemas.domain.roads import km_between, shipped_checkpoints
from tests.api.conftest import Bench
from tests.streams.people import checkpoint

CITY, MO_DUC, DUC_PHO, DA_NANG, QUY_NHON = "21025", "21400", "21439", "20194", "21550"
AT = "2021-09-15T12:00:00+07:00"


def describe(bench: Bench, checkpoint_id: str, unit_code: str, **said: Any) -> None:
    reference = bench.doors.reference.current
    reference.add(reference.version + 1, checkpoint(checkpoint_id, unit_code, **said))


def listed(bench: Bench, **asked: Any) -> dict[str, Any]:
    answer = bench.call("GET", "/reference/checkpoints", "checkpoint", params={"at": AT, **asked})
    assert answer.status_code == 200
    return {post["checkpoint_id"]: post for post in answer.json()["checkpoints"]}


def next_of(bench: Bench, post: str, destination: str, **asked: Any) -> Any:
    params = {"origin_code": DA_NANG, "destination_code": destination, "at": AT, **asked}
    return bench.call("GET", f"/reference/checkpoints/{post}/next", "checkpoint", params=params)


def test_shipped_posts_are_listed_with_what_is_confirmed_until_somebody_describes_them(
    bench: Bench,
) -> None:
    posts = listed(bench)
    assert set(posts) == set(shipped_checkpoints())
    assert (
        posts["vi-o-lac"]["shipped"],
        posts["vi-o-lac"]["confirmed"],
        posts["sa-ky"]["confirmed"],
    ) == (True, False, True)
    assert (posts["binh-de"]["shipped"], posts["binh-de"]["confirmed"]) == (False, None)


def test_posts_are_listed_by_whether_they_are_manned_at_the_instant(bench: Bench) -> None:
    describe(bench, "night-post", CITY, opens_at="22:00", closes_at="05:00", lanes=2, side="in")
    describe(bench, "sa-ky", "21190", closed=True)
    assert {name for name, post in listed(bench).items() if not post["manned"]} == {
        "night-post",
        "sa-ky",
    }
    assert set(listed(bench, manned=False)) == {"night-post", "sa-ky"}
    at_night = listed(bench, manned=True, at="2021-09-15T23:00:00+07:00")
    assert (
        at_night["night-post"]["lanes"],
        at_night["night-post"]["side"],
        at_night["night-post"]["on_roads"],
    ) == (2, "in", False)


def test_people_are_sent_on_to_the_next_manned_post_of_their_way(bench: Bench) -> None:
    sent = next_of(bench, "city-north", QUY_NHON).json()
    assert (sent["next"]["checkpoint_id"], sent["detour_km"]) == ("city-south", 0)
    assert sent["next"]["km"] == pytest.approx(km_between("city-north", "city-south"))
    assert (
        sent["next"]["minutes"] > 0
        and sent["next"]["estimated"]
        and sent["next"]["roads"] == ["QL1"]
    )
    describe(bench, "city-south", "21019", closes_at="06:00")
    assert next_of(bench, "city-north", QUY_NHON).json()["next"]["checkpoint_id"] == "binh-de"


def test_nobody_is_sent_on_where_no_post_lies_ahead(bench: Bench) -> None:
    answer = next_of(bench, "city-south", MO_DUC).json()
    assert (answer["next"], answer["destination"]["precision"]) == (None, "commune")


def test_a_post_off_the_declared_way_says_by_how_much(bench: Bench) -> None:
    assert next_of(bench, "binh-de", MO_DUC).json()["detour_km"] > 20


def test_a_post_that_nobody_knows_or_that_has_no_place_is_told_apart(bench: Bench) -> None:
    assert next_of(bench, "unheard-of", MO_DUC).json()["type"].endswith("unknown-checkpoint")
    describe(bench, "nowhere", CITY)
    assert next_of(bench, "nowhere", MO_DUC).json()["type"].endswith("no-place")
    assert next_of(bench, "city-south", "99999").status_code == 422


@pytest.mark.parametrize(
    ("start", "end", "precisions"),
    [
        ("quang-nam-border", "city-south", ("post", "post")),
        (CITY, DUC_PHO, ("commune", "commune")),
        ("city-south", "21451", ("post", "district")),
        (DA_NANG, "city-south", ("outside", "post")),
    ],
)
def test_distance_goes_by_road_between_posts_and_communes(
    bench: Bench, start: str, end: str, precisions: tuple[str, str]
) -> None:
    answer = bench.call(
        "GET", "/reference/roads/distance", "clerk", params={"from": start, "to": end}
    ).json()
    assert (answer["start"]["precision"], answer["end"]["precision"]) == precisions
    assert answer["km"] > 10 and answer["minutes"] > 5 and answer["estimated"] and answer["roads"]


@pytest.mark.parametrize(
    ("start", "kind"), [("522", "no-place"), ("unheard-of", "unknown-checkpoint")]
)
def test_distance_from_nowhere_is_refused_with_the_reason(
    bench: Bench, start: str, kind: str
) -> None:
    answer = bench.call("GET", "/reference/roads/distance", params={"from": start, "to": CITY})
    assert (answer.status_code, answer.json()["type"]) == (404, f"urn:dibiendong:problem:{kind}")


def test_a_post_is_described_with_its_lanes_and_hours_and_closed_again(bench: Bench) -> None:
    said = (
        f"{CITY},both,3,05:00,22:30,,2021-09-01",
        f"{CITY},,,,,true,2021-10-01",
        f"{CITY},,0,5:00,,,2021-09-01",
    )
    heading = "checkpoint_id,name,unit_code,side,lanes,opens_at,closes_at,closed,valid_from\n"
    table = heading + "".join(f"post,Chốt,{row}\n" for row in said)
    answer = bench.post_table("/reference/checkpoints/batch", table).json()
    assert answer["accepted"] == 2
    assert {fault["field"] for fault in answer["rows"][0]["errors"]} == {"lanes", "opens_at"}
    opened, closed = bench.broker.events
    assert (opened.side, opened.lanes, opened.opens_at, opened.closes_at, opened.closed) == (
        "both",
        3,
        "05:00",
        "22:30",
        False,
    )
    assert (closed.closed, closed.valid_from) == (True, datetime(2021, 9, 30, 17, tzinfo=UTC))


def test_thresholds_of_travel_are_the_policys(bench: Bench) -> None:
    body = {
        "valid_from": "2021-09-01",
        "decisions": {"impossible_travel": "refer"},
        "speed_most_kmh": 90,
        "detour_most_km": 12.5,
    }
    assert bench.call("PUT", "/reference/policies/strict", json=body).status_code == 200
    adopted = bench.broker.events[0]
    assert (adopted.speed_most_kmh, adopted.detour_most_km, adopted.travel_slack_minutes) == (
        90,
        12.5,
        10,
    )
    assert (
        bench.call(
            "PUT", "/reference/policies/wrong", json=body | {"speed_most_kmh": 0}
        ).status_code
        == 422
    )
