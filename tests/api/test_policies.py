"""The doors for policies: as tables, and as a list that says which is in force."""

from typing import Any

from tests.api.conftest import Bench
from tests.streams.people import policy


def in_force(policies: list[dict[str, Any]]) -> list[bool]:
    return [policy["in_force"] for policy in policies]


def test_policies_come_as_tables_too(bench: Bench) -> None:
    strict = "strict,2021-09-01,red_zone_crossing=turn_back; unknown_document=refer"
    table = f"policy_id,valid_from,decisions\n{strict}\nwrong,2021-09-01,no_rule=pass\n"
    table += "finer,2021-09-01,red_zone_crossing/leaves_red_zone=refer\n"
    table += "wrong,2021-09-01,red_zone_crossing/no_reason=pass\n"
    answer = bench.post_table("/reference/policies/batch", table).json()
    assert (answer["accepted"], [row["errors"][0]["field"] for row in answer["rows"]]) == (
        2,
        ["decisions", "decisions"],
    )
    assert bench.broker.events[0].decisions == {
        "red_zone_crossing": "turn_back",
        "unknown_document": "refer",
    }


def test_policies_are_shown_with_every_value_and_which_is_in_force(bench: Bench) -> None:
    built_in = bench.call("GET", "/reference/policies").json()
    assert [(policy["policy_id"], policy["in_force"]) for policy in built_in["policies"]] == [
        ("built-in", True)
    ]
    assert set(built_in["policies"][0]["policy"]["decisions"]) == set(built_in["rules"])
    bench.call(
        "PUT",
        "/reference/policies/strict",
        json={"valid_from": "2021-09-20", "decisions": {"two_names": "turn_back"}},
    )
    bench.doors.reference.current.add(1, bench.broker.events[0])
    at = {
        name: bench.call("GET", f"/reference/policies?at={name}").json()["policies"]
        for name in ("2021-09-19", "2021-09-21")
    }
    assert [in_force(policies) for policies in at.values()] == [
        [True, False],
        [False, True],
    ]
    strict = at["2021-09-21"][1]["policy"]
    assert (strict["decisions"]["two_names"], strict["decisions"]["case_at_post"]) == (
        "turn_back",
        "pass",
    )


def test_green_is_refused_as_a_controlled_level_by_its_field(bench: Bench) -> None:
    body = {"valid_from": "2021-09-20", "decisions": {}, "controlled_levels": ["red", "green"]}
    refused = bench.call("PUT", "/reference/policies/strict", json=body)
    assert refused.status_code == 422
    (fault,) = refused.json()["errors"]
    assert fault["field"] == "controlled_levels"
    assert "green" in fault["reason"]
    assert bench.broker.events == []


def test_a_policy_that_named_green_before_it_was_refused_is_shown_as_it_counts(
    bench: Bench,
) -> None:
    adopted = policy({}, controlled_levels=["green", "red"])
    bench.doors.reference.current.add(1, adopted)
    shown = bench.call("GET", "/reference/policies").json()["policies"]
    assert shown[1]["policy"]["controlled_levels"] == ["red"]
