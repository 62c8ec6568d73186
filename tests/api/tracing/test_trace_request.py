"""The requests for traces, and how they refuse what the rules leave open."""

from typing import Any

import pytest

from tests.api.conftest import Bench

CASE = {"person_id": "a" * 32}


@pytest.mark.parametrize(
    ("asked", "rules_id", "since"),
    [
        ({"onset_at": "2021-09-10"}, "QD-3638", "2021-09-06T17:00:00Z"),
        ({"onset_at": "2021-09-10", "rules_id": "CV-11042"}, "CV-11042", "2021-09-07T17:00:00Z"),
        (
            {"onset_at": "10/01/2022", "isolated_at": "12/01/2022"},
            "CV-11042",
            "2022-01-07T17:00:00Z",
        ),
        (
            {"sampled_at": "2021-09-10", "days_before_sampling": 14},
            "QD-3638",
            "2021-08-26T17:00:00Z",
        ),
        ({"sampled_at": "2021-09-10", "rules_id": "CV-11042"}, "CV-11042", "2021-09-07T17:00:00Z"),
        ({"since": "2021-09-01T00:00:00Z"}, "QD-3638", "2021-09-01T00:00:00Z"),
    ],
)
def test_the_period_follows_from_the_rules_in_force(
    bench: Bench, asked: dict[str, Any], rules_id: str, since: str
) -> None:
    answer = bench.post("/traces/forward", CASE | {"isolated_at": "2021-09-20"} | asked)
    assert answer.status_code == 200, answer.text
    assert (answer.json()["rules"]["rules_id"], answer.json()["since"]) == (rules_id, since)
    assert {"apart_minutes", "latent_hours"} <= set(answer.json()["rules"]["assumed"])
    assert ("overlap_minutes" in answer.json()["rules"]["assumed"]) is (rules_id == "CV-11042")


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"sampled_at": "2021-09-10"}, "days_before_sampling"),
        ({}, "rules_id"),
        ({"rules_id": "QD-3638"}, "onset_at"),
        ({"onset_at": "2021-05-01"}, "rules_id"),
        ({"onset_at": "2021-09-10", "rules_id": "QD-1"}, "rules_id"),
        ({"since": "2021-01-01", "rules_id": "QD-3638"}, "isolated_at"),
        ({"onset_at": "2021-09-10", "depth": 9}, "depth"),
        ({"case_id": "6b1cb393-7c88-5147-a23f-02a410209ab4"}, "body"),
        (
            {
                "onset_at": "2021-09-10",
                "milestones": [
                    {"place": "nowhere", "began_at": "2021-09-10", "ended_at": "2021-09-10"}
                ],
            },
            "milestones.0.place",
        ),
        (
            {
                "onset_at": "2021-09-10",
                "milestones": [
                    {"place": "bus:76C-123.45", "began_at": "2021-09-10", "ended_at": "2021-09-10"}
                ],
            },
            "milestones.0.place",
        ),
        (
            {
                "onset_at": "2021-09-10",
                "milestones": [
                    {"place": "site:1", "began_at": "2021-09-10", "ended_at": "2021-09-12"}
                ],
            },
            "milestones.0",
        ),
    ],
)
def test_what_is_left_open_is_asked_for_by_its_field(
    bench: Bench, asked: dict[str, Any], field: str
) -> None:
    answer = bench.post("/traces/forward", CASE | {"isolated_at": "2021-09-20"} | asked)
    assert answer.status_code == 422
    assert [fault["field"] for fault in answer.json()["errors"]] == [field]


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"days_before": 31}, "days_before"),
        ({}, "days_before"),
        ({"days_before": 5, "days_before_least": 5}, "days_before_least"),
    ],
)
def test_a_trace_back_says_which_days_leave_nothing_open(
    bench: Bench, asked: dict[str, Any], field: str
) -> None:
    answer = bench.post("/traces/backward", CASE | {"onset_at": "2021-09-20"} | asked)
    assert answer.status_code == 422
    assert [fault["field"] for fault in answer.json()["errors"]] == [field]


def test_a_case_isolated_before_it_could_infect_leads_to_nobody(bench: Bench) -> None:
    answer = bench.post(
        "/traces/forward", CASE | {"onset_at": "2021-09-30", "isolated_at": "2021-09-20"}
    ).json()
    assert (answer["generations"], answer["stays"], answer["people"]) == ([0, 0], 0, [])


@pytest.mark.parametrize(
    ("isolated_at", "until"),
    [
        ("2021-09-20", "2021-09-20T16:59:59.999000Z"),
        ("20/09/2021", "2021-09-20T16:59:59.999000Z"),
        ("20/9/2021 08:00", "2021-09-20T01:00:00Z"),
        ("2021-09-20T08:00", "2021-09-20T01:00:00Z"),
        ("2021-09-20T00:00:00Z", "2021-09-20T00:00:00Z"),
    ],
)
def test_a_day_alone_as_an_end_takes_in_the_whole_of_it(
    bench: Bench, isolated_at: str, until: str
) -> None:
    answer = bench.post(
        "/traces/forward", CASE | {"onset_at": "2021-09-10", "isolated_at": isolated_at}
    )
    assert answer.json()["until"] == until


def test_a_plate_that_cannot_be_read_is_named_by_its_milestone(bench: Bench) -> None:
    milestones = [
        {"place": place, "began_at": "2021-09-10", "ended_at": "2021-09-10"}
        for place in ("site:1", "vehicle:?")
    ]
    answer = bench.post(
        "/traces/forward",
        CASE | {"onset_at": "2021-09-10", "isolated_at": "2021-09-20", "milestones": milestones},
    )
    assert [fault["field"] for fault in answer.json()["errors"]] == ["milestones.1.place"]


@pytest.mark.parametrize(
    ("path", "field"),
    [
        (
            f"/traces/path?person_id={'a' * 32}&other_id={'a' * 32}&from=2021-09-01&to=2021-09-02",
            "other_id",
        ),
        (
            f"/traces/path?person_id={'a' * 32}&other_id={'b' * 32}&from=2021-09-02&to=2021-09-01",
            "to",
        ),
        ("/traces/place?from=2021-09-01&to=2021-09-02", "place"),
        ("/traces/place?from=2021-09-01&to=2021-09-02&plate=!", "plate"),
        ("/traces/place?from=2021-09-01&to=2021-09-02&place=vehicle:!", "place"),
        ("/traces/place?from=2021-09-02&to=2021-09-01&place=post:x", "to"),
    ],
)
def test_other_traces_name_the_field_at_fault_too(bench: Bench, path: str, field: str) -> None:
    answer = bench.call("GET", path)
    assert answer.status_code == 422
    assert [fault["field"] for fault in answer.json()["errors"]] == [field]


RULES = {
    "source": "QĐ 1",
    "days_before_onset": 5,
    "overlap_minutes": 10,
    "apart_minutes": {"post": 5},
    "valid_from": "2021-09-01",
}


def test_a_set_of_rules_adopted_through_the_door_is_the_one_a_trace_follows(bench: Bench) -> None:
    assert bench.call("PUT", "/reference/exposure-rules/QD-1", json=RULES).status_code == 200
    bench.doors.reference.current.add(1, bench.broker.events[0])
    listed = {
        rules["rules_id"]: rules["shipped"]
        for rules in bench.call("GET", "/reference/exposure-rules").json()["exposure_rules"]
    }
    assert listed == {"QD-3638": True, "QD-1": False, "CV-11042": True}
    asked = CASE | {"onset_at": "2021-09-10", "isolated_at": "2021-09-12"}
    answer = bench.post("/traces/forward", asked).json()
    assert (answer["rules"]["rules_id"], answer["since"]) == ("QD-1", "2021-09-04T17:00:00Z")
    assert (
        bench.post("/traces/forward", asked | {"rules_id": "QD-3638"}).json()["since"]
        == "2021-09-06T17:00:00Z"
    )


@pytest.mark.parametrize(
    ("claimed", "field"),
    [
        ({"days_before_onset": -1}, "days_before_onset"),
        ({"apart_minutes": {"moon": 5}}, "apart_minutes.moon.[key]"),
        ({"assumed": ["patience"]}, "assumed"),
        ({"distance_most_m": 0}, "distance_most_m"),
        ({"valid_to": "2021-08-01"}, "valid_to"),
    ],
)
def test_rules_that_say_nonsense_are_refused_by_field(
    bench: Bench, claimed: dict[str, Any], field: str
) -> None:
    answer = bench.call("PUT", "/reference/exposure-rules/QD-1", json=RULES | claimed)
    assert [fault["field"] for fault in answer.json()["errors"]] == [field]


def test_rules_come_as_a_table_too(bench: Bench) -> None:
    table = (
        "rules_id;source;days_before_onset;apart_minutes;valid_from\n"
        "QD-1;QĐ 1;2;post=5, vehicle=30;01/09/2021\n"
        "QD-2;QĐ 2;x;;01/09/2021\n"
    )
    answer = bench.post_table("/reference/exposure-rules/batch", table).json()
    assert (answer["accepted"], [row["line"] for row in answer["rows"]]) == (1, [3])
    assert bench.broker.events[0].apart_minutes == {"post": 5, "vehicle": 30}
