"""Presences from elsewhere: what is taken, what is refused and how."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from schemas.domain.local_time import VIETNAM
from tests.api.conftest import Bench

STAY = {
    "person": "external:17",
    "place": "site:market",
    "from": "2021-09-15T08:00:00",
    "to": "2021-09-15T09:00:00",
}
MEETING = {
    "person": "external:17",
    "peer": "external:18",
    "from": "2021-09-15T08:00:00",
    "to": "2021-09-15T08:20:00",
    "distance_m": 1.5,
}


def test_a_stay_is_one_presence_of_somebody_whom_only_the_source_names(bench: Bench) -> None:
    answer = bench.post("/presences", STAY)
    assert (answer.status_code, len(answer.json()["presence_ids"])) == (202, 1)
    event = bench.broker.events[0]
    assert (event.place, event.document_number, event.document_key) == (
        "site:market",
        None,
        bench.pseudonyms.outsider("17"),
    )
    assert bench.call("GET", "/people/lookup?document=external:17").json() == {
        "person_id": bench.pseudonyms.person_of(bench.pseudonyms.outsider("17"))
    }


def test_a_meeting_is_two_presences_at_a_place_of_its_own(bench: Bench) -> None:
    bench.post("/presences", MEETING)
    bench.post("/presences", MEETING | {"distance_m": 9})
    one, other, third, _ = bench.broker.events
    assert (one.place, one.distance_m, one.began_at) == (
        other.place,
        other.distance_m,
        other.began_at,
    )
    assert one.event_id != other.event_id and one.document_key != other.document_key
    assert third.place != one.place


def test_a_day_alone_is_the_whole_of_it(bench: Bench) -> None:
    bench.post(
        "/presences", STAY | {"from": "15/09/2021", "to": "15/09/2021", "granularity": "day"}
    )
    (event,) = bench.broker.events
    assert (event.began_at.isoformat(), event.ended_at.isoformat()) == (
        "2021-09-14T17:00:00+00:00",
        "2021-09-15T16:59:59.999000+00:00",
    )


def test_today_may_be_meant_to_its_end_and_an_hour_to_come_may_not(bench: Bench) -> None:
    today = datetime.now(VIETNAM).date()
    assert (
        bench.post("/presences", STAY | {"from": f"{today}T00:00:00", "to": str(today)}).status_code
        == 202
    )
    later = f"{today + timedelta(days=1)}T00:00:00"
    assert (
        bench.post("/presences", STAY | {"from": f"{today}T00:00:00", "to": later}).json()[
            "errors"
        ][0]["field"]
        == "to"
    )


def test_a_plate_does_not_leave_the_door(bench: Bench) -> None:
    bench.post("/presences", STAY | {"place": "vehicle:76C-123.45"})
    assert bench.broker.events[0].place == f"vehicle:{bench.pseudonyms.vehicle('76C12345')}"


@pytest.mark.parametrize(
    ("said", "field", "reason"),
    [
        ({"peer": "external:17", "place": None}, "body", "the same"),
        ({"person": "051190000777", "peer": "0511 9000 0777", "place": None}, "body", "the same"),
        ({"place": None}, "body", "either a place or a peer"),
        ({"peer": "external:18"}, "body", "either a place or a peer"),
        ({"person": ""}, "person", "at least 1"),
        ({"person": "somebody"}, "person", "external:"),
        ({"to": "2021-09-15T07:59:00"}, "to", "within a day"),
        ({"to": "2021-09-16T08:01:00"}, "to", "within a day"),
        ({"place": "market"}, "place", "match"),
        ({"place": "bus:76C-123.45"}, "place", "none of post, site, vehicle"),
        ({"person": "external: "}, "person", "what the source calls them"),
        ({"place": "vehicle:!"}, "place", "plate"),
        ({"place": "site:market/"}, "place", "a part follows"),
        ({"place": "site:/stall-3"}, "place", "a part follows"),
        ({"place": "site:market/1/2/3/4"}, "place", "at most 3 levels"),
        ({"distance_m": -1}, "distance_m", "greater"),
        ({"granularity": "roughly"}, "granularity", "'second'"),
        ({"from": "2199-01-01T00:00:00"}, "from", "future"),
    ],
)
def test_loops_nobody_and_reversed_periods_are_refused_by_field(
    bench: Bench, said: dict[str, Any], field: str, reason: str
) -> None:
    answer = bench.post("/presences", STAY | said)
    assert answer.status_code == 422
    faults = {fault["field"]: fault["reason"] for fault in answer.json()["errors"]}
    assert reason in faults[field]
    assert bench.broker.events == []


def test_good_rows_of_a_contact_list_go_in_and_bad_ones_come_back(bench: Bench) -> None:
    table = """person;peer;from;to;distance_m
external:1;external:2;15/09/2021 08:00;15/09/2021 08:15;1.2
external:3;external:3;15/09/2021 08:00;15/09/2021 08:15;
;external:4;15/09/2021 08:00;15/09/2021 08:15;
external:5;external:6;15/09/2021 09:00;15/09/2021 08:15;
"""
    answer = bench.post_table("/presences/batch", table).json()
    assert (
        answer["accepted"],
        [row["line"] for row in answer["rows"]],
        len(bench.broker.events),
    ) == (1, [3, 4, 5], 2)
    again = bench.post_table("/presences/batch", table).json()
    assert again["accepted"] == 1 and len({event.event_id for event in bench.broker.events}) == 2
