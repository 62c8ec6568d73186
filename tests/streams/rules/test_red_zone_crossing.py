"""`red_zone_crossing` at its edges: journeys, scans, passages, districts, other levels."""

from datetime import datetime, timedelta

import pytest

from schemas.domain.reasons import REASONS
from streams.rules.red_zone_crossing import RED_ZONE_CROSSING
from tests.streams.memory_path import MemoryPath
from tests.streams.people import (
    CITY,
    COAST,
    NOON,
    cancellation,
    checkpoint,
    citizen,
    declaration,
    policy,
    scan,
    zone,
)

MINUTE = timedelta(minutes=1)


@pytest.fixture
def path() -> MemoryPath:
    path = MemoryPath()
    path.decide(checkpoint())
    path.record([citizen()])
    path.feed_links()
    return path


@pytest.mark.parametrize(
    ("origin", "destination", "reason"),
    [
        (CITY, COAST, "enters_red_zone"),
        (COAST, CITY, "leaves_red_zone"),
        (COAST, COAST, "moves_in_red_zone"),
        (COAST, "21438", "moves_between_red_zones"),
    ],
)
def test_journey_touching_a_red_commune_is_told_by_how(
    path: MemoryPath, origin: str, destination: str, reason: str
) -> None:
    path.decide(zone(COAST, "red", NOON), zone("21438", "red", NOON))
    path.feed([declaration("a", origin_code=origin, destination_code=destination)])
    assert path.reasons("red_zone_crossing") == [(reason,)]


@pytest.mark.parametrize(("at", "expected"), [(NOON - MINUTE, []), (NOON, [("enters_red_zone",)])])
def test_scan_is_judged_by_the_level_at_its_own_time(
    path: MemoryPath, at: datetime, expected: list[tuple[str, ...]]
) -> None:
    path.decide(zone(COAST, "red", NOON))
    path.feed(
        [
            declaration("a", at=NOON - timedelta(hours=1), origin_code=CITY, destination_code=CITY),
            scan("b", at=at),
        ]
    )
    assert path.reasons("red_zone_crossing") == expected


def test_who_goes_between_levels_that_the_policy_lets_pass_is_not_told_and_the_way_back_is(
    path: MemoryPath,
) -> None:
    path.decide(
        zone(COAST, "red", NOON),
        zone(CITY, "yellow", NOON),
        policy({}, passages_allowed=["yellow>red"]),
    )
    path.feed([declaration("there"), scan("b", at=NOON + MINUTE)])
    assert path.reasons("red_zone_crossing") == []
    path.feed([declaration("back", origin_code=COAST, destination_code=CITY)])
    assert path.reasons("red_zone_crossing") == [("leaves_red_zone",)]


def test_a_scan_in_a_red_place_is_told_while_no_declaration_lets_it_pass(
    path: MemoryPath,
) -> None:
    path.decide(
        zone(COAST, "red", NOON),
        zone(CITY, "yellow", NOON),
        policy({}, passages_allowed=["yellow>red"]),
    )
    path.feed([scan("b", at=NOON + MINUTE)])
    assert path.reasons("red_zone_crossing") == [("enters_red_zone",)]
    path.feed([declaration("late")])
    assert path.reasons("red_zone_crossing") == []
    path.feed([cancellation("late", at=NOON + MINUTE)])
    assert path.reasons("red_zone_crossing") == [("enters_red_zone",)]


def test_level_of_the_district_holds_where_the_commune_has_none_of_its_own(
    path: MemoryPath,
) -> None:
    path.decide(zone("534", "red", NOON))
    path.feed([declaration("a", destination_code=COAST)])
    assert path.reasons("red_zone_crossing") == [("enters_red_zone",)]


def test_level_of_the_commune_outranks_that_of_its_province(path: MemoryPath) -> None:
    path.decide(zone("51", "red", NOON), zone(COAST, "green", NOON), zone(CITY, "green", NOON))
    path.feed([declaration("a")])
    assert path.reasons("red_zone_crossing") == []


@pytest.mark.parametrize(
    ("origin", "destination", "expected"),
    [
        (CITY, COAST, [("enters_orange_zone",)]),
        (COAST, CITY, [("leaves_orange_zone",)]),
        (COAST, COAST, [("moves_in_orange_zone",)]),
        ("21438", COAST, [("leaves_red_zone", "enters_orange_zone")]),
        (COAST, "21442", [("leaves_orange_zone",)]),
    ],
)
def test_levels_that_the_policy_controls_besides_are_told_by_name(
    path: MemoryPath, origin: str, destination: str, expected: list[tuple[str, ...]]
) -> None:
    path.decide(
        zone(COAST, "orange", NOON), zone("21438", "red", NOON), zone("21442", "yellow", NOON)
    )
    path.feed(
        [
            declaration(
                "before the policy",
                at=NOON - MINUTE,
                origin_code=origin,
                destination_code=destination,
            )
        ]
    )
    assert {reason for found in path.reasons("red_zone_crossing") for reason in found} <= {
        "leaves_red_zone"
    }
    path.decide(policy({}, controlled_levels=["red", "orange"], valid_from=NOON))
    path.feed([declaration("a", at=NOON, origin_code=origin, destination_code=destination)])
    assert [
        found for found in path.reasons("red_zone_crossing") if found != ("leaves_red_zone",)
    ] == expected


@pytest.mark.parametrize("destination", [COAST, CITY, "21438"])
def test_green_is_not_controlled_even_where_an_older_policy_names_it(
    path: MemoryPath, destination: str
) -> None:
    path.decide(
        zone(COAST, "green", NOON - MINUTE),
        zone(CITY, "green", NOON - MINUTE),
        zone("21438", "orange", NOON - MINUTE),
        policy({}, controlled_levels=["green", "orange"]),
    )
    path.feed(
        [
            declaration("a", at=NOON, origin_code=COAST, destination_code=destination),
            scan("in", at=NOON + MINUTE),
            scan("through", at=NOON + 2 * MINUTE, direction="through"),
            scan("out", at=NOON + 3 * MINUTE, direction="out"),
        ]
    )
    expected = [("enters_orange_zone",)] if destination == "21438" else []
    assert path.reasons("red_zone_crossing") == expected


def test_every_reason_of_the_rule_has_a_sentence() -> None:
    assert set(RED_ZONE_CROSSING.reasons) <= set(REASONS)
