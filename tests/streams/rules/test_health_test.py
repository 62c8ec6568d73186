"""`health_test` at its edges: who needs a test, for how long a result counts, positive ones."""

from datetime import timedelta
from typing import Any

import pytest

from streams.rules.health_test import HEALTH_TEST
from tests.streams.memory_path import MemoryPath
from tests.streams.people import (
    CITY,
    COAST,
    HOA_CMND,
    NOON,
    cancellation,
    checkpoint,
    citizen,
    declaration,
    health_test,
    policy,
    scan,
    zone,
)

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
ELSEWHERE = "21055"


def path_where(level: str = "orange", **fields: Any) -> MemoryPath:
    """The coast has the level from an hour before noon; checkpoints are there and elsewhere."""
    path = MemoryPath()
    path.decide(checkpoint(), checkpoint("elsewhere", ELSEWHERE), zone(COAST, level, NOON - HOUR))
    path.decide(
        policy({"health_test": "refer"}, **({"test_required_levels": ["orange", "red"]} | fields))
    )
    path.record([citizen()])
    path.feed_links()
    return path


def reasons(path: MemoryPath) -> list[str]:
    found: list[str] = []
    for rule, _, _, reasons, _ in path.open_flags().values():
        if rule == HEALTH_TEST.name:
            found += reasons
    return found


def test_no_test_is_asked_for_unless_the_policy_says_so() -> None:
    path = path_where(test_required_levels=[])
    path.feed([declaration("a"), scan("b", at=NOON + HOUR)])
    assert path.rules_found() == set()


@pytest.mark.parametrize(
    ("said", "post", "expected"),
    [
        ({"destination_code": CITY}, "binh-de", ["test_missing"]),
        ({"origin_code": CITY, "destination_code": COAST}, "elsewhere", ["test_missing"]),
        ({"origin_code": COAST, "destination_code": CITY}, "elsewhere", ["test_missing"]),
        ({"origin_code": CITY, "destination_code": CITY}, "elsewhere", []),
    ],
)
def test_asked_is_who_passes_a_post_in_such_a_place_or_is_on_the_way_out_of_or_into_one(
    said: dict[str, Any], post: str, expected: list[str]
) -> None:
    path = path_where()
    path.feed([declaration("a", **said), scan("b", at=NOON + HOUR, checkpoint_id=post)])
    assert reasons(path) == expected


def test_other_levels_ask_for_nothing() -> None:
    path = path_where("yellow")
    path.feed([declaration("a"), scan("b", at=NOON + HOUR)])
    assert reasons(path) == []


@pytest.mark.parametrize(
    ("at", "expected"), [(NOON - HOUR - MINUTE, []), (NOON - HOUR, ["test_missing"])]
)
def test_a_way_is_judged_by_the_levels_at_the_time_of_the_scan(
    at: Any, expected: list[str]
) -> None:
    path = path_where()
    path.feed([declaration("a", at=NOON - DAY), scan("b", at=at, checkpoint_id="elsewhere")])
    assert reasons(path) == expected


def test_a_way_asks_while_its_declaration_is_valid() -> None:
    path = path_where()
    path.feed(
        [declaration("a"), scan("b", at=NOON + 72 * HOUR + MINUTE, checkpoint_id="elsewhere")]
    )
    assert reasons(path) == []


def test_the_declaration_whose_code_is_shown_goes_before_a_newer_one() -> None:
    path = path_where()
    shown, newer = declaration("a"), declaration("b", at=NOON + MINUTE, destination_code=CITY)
    path.feed(
        [
            newer,
            scan(
                "c", at=NOON + HOUR, checkpoint_id="elsewhere", declaration_id=shown.declaration_id
            ),
            shown,
        ]
    )
    assert reasons(path) == ["test_missing"]


def test_a_way_that_was_taken_back_asks_for_nothing() -> None:
    path = path_where()
    path.feed([declaration("a"), scan("b", at=NOON + 2 * HOUR, checkpoint_id="elsewhere")])
    assert reasons(path) == ["test_missing"]
    path.feed([cancellation("a", at=NOON + HOUR)])
    assert reasons(path) == []


@pytest.mark.parametrize(
    ("after", "expected"), [(72 * HOUR, []), (72 * HOUR + MINUTE, ["test_expired"])]
)
def test_a_result_counts_for_72_hours_from_when_it_was_issued_not_from_the_sample(
    after: timedelta, expected: list[str]
) -> None:
    path = path_where()
    issued = NOON - 2 * DAY
    path.feed(
        [
            health_test("a", "negative", issued, sampled_at=issued - 20 * HOUR),
            scan("b", at=issued + after),
        ]
    )
    path.feed([declaration("c", at=NOON)])
    assert reasons(path) == expected


def test_a_result_counts_for_the_hours_of_the_policy() -> None:
    path = path_where(test_valid_hours=24)
    path.feed([health_test("a", "negative", NOON - DAY - MINUTE), scan("b", at=NOON)])
    assert reasons(path) == ["test_expired"]


def test_a_result_issued_after_the_scan_does_not_count_and_one_told_later_does() -> None:
    path = path_where()
    path.feed([scan("b"), health_test("after", "negative", NOON + MINUTE)])
    assert reasons(path) == ["test_missing"]
    path.feed(
        [
            health_test(
                "before, told later", "negative", NOON - DAY, HOA_CMND, received_at=NOON + DAY
            )
        ]
    )
    assert reasons(path) == []


def test_a_positive_result_is_told_at_every_post_whatever_the_policy_asks() -> None:
    path = path_where(test_required_levels=[])
    path.feed(
        [
            health_test("a", "positive", NOON - DAY),
            declaration("b", at=NOON - HOUR),
            scan("c", checkpoint_id="elsewhere"),
        ]
    )
    assert reasons(path) == ["test_positive"]
    assert [verdict.decision for verdict in path.verdicts().values()] == ["refer"]


@pytest.mark.parametrize(
    ("after", "expected"), [(14 * DAY, ["test_positive"]), (14 * DAY + MINUTE, [])]
)
def test_a_positive_result_is_told_for_the_days_of_the_policy(
    after: timedelta, expected: list[str]
) -> None:
    path = path_where(test_required_levels=[])
    path.feed([health_test("a", "positive", NOON), scan("b", at=NOON + after)])
    assert reasons(path) == expected


def test_an_old_positive_result_is_no_negative_one() -> None:
    path = path_where(test_positive_days=1)
    path.feed([health_test("a", "positive", NOON - DAY - MINUTE), scan("b")])
    assert reasons(path) == ["test_missing"]


def test_a_later_negative_result_ends_a_positive_one_and_of_one_instant_the_positive_holds() -> (
    None
):
    path = path_where()
    path.feed(
        [
            health_test("a", "positive", NOON - DAY),
            health_test("b", "negative", NOON - HOUR),
            scan("c"),
        ]
    )
    assert reasons(path) == []
    path.feed([health_test("d", "positive", NOON - HOUR)])
    assert reasons(path) == ["test_positive"]


def test_a_finding_names_the_result_and_the_declaration_that_asks() -> None:
    path = path_where()
    way, old, seen = (
        declaration("a"),
        health_test("b", "negative", NOON - 5 * DAY),
        scan("c", at=NOON + HOUR, checkpoint_id="elsewhere"),
    )
    path.feed([way, old, seen])
    causes = [found[4] for found in path.open_flags().values() if found[0] == HEALTH_TEST.name]
    assert causes == [(seen.event_id, old.event_id, way.event_id)]
