"""Each rule at its edges."""

import sys
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from schemas.domain.reasons import REASONS
from schemas.domain.reference import DEFAULT_POLICY
from streams.rules import RULES, Rule
from tests.streams.memory_path import MemoryPath
from tests.streams.people import (
    CITY,
    COAST,
    HOA_CCCD,
    NOON,
    PSEUDONYMS,
    cancellation,
    checkpoint,
    citizen,
    declaration,
    dose,
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


def test_same_person_declared_and_scanned_in_time_raises_nothing(path: MemoryPath) -> None:
    path.feed([declaration("a"), scan("b", at=NOON + MINUTE)])
    assert path.rules_found() == set()
    assert [verdict.decision for verdict in path.verdicts().values()] == ["pass"]


def test_other_birth_date_and_near_name_are_told_apart(path: MemoryPath) -> None:
    path.feed([declaration("a", full_name="NGUYEN THI HOA", birth_date="1971-02-17")])
    assert path.reasons("identity_mismatch") == [("birth_date_different", "name_near")]


def test_name_without_diacritics_alone_raises_nothing(path: MemoryPath) -> None:
    path.feed([declaration("a", full_name="nguyen thi hoa")])
    assert path.rules_found() == set()


def test_document_the_register_does_not_know_is_flagged_once_with_all_its_uses() -> None:
    path = MemoryPath()
    path.feed([declaration("a"), scan("b", at=NOON + MINUTE)])
    found = [flag for flag in path.open_flags().values() if flag[0] == "unknown_document"]
    assert [(flag[2], len(flag[4])) for flag in found] == [(PSEUDONYMS.document(HOA_CCCD), 2)]


@pytest.mark.parametrize(
    ("after", "expected"),
    [(timedelta(hours=72), []), (timedelta(hours=72) + MINUTE, [("declaration_expired",)])],
)
def test_declaration_counts_for_exactly_72_hours(
    path: MemoryPath, after: timedelta, expected: list[tuple[str, ...]]
) -> None:
    path.feed([declaration("a"), scan("b", at=NOON + after)])
    assert path.reasons("no_valid_declaration") == expected


def test_declaration_made_after_the_scan_does_not_count(path: MemoryPath) -> None:
    path.feed([scan("b"), declaration("a", at=NOON + MINUTE)])
    assert path.reasons("no_valid_declaration") == [("not_declared",)]


def test_paper_form_keyed_late_clears_the_flag(path: MemoryPath) -> None:
    path.feed([scan("b")])
    assert path.reasons("no_valid_declaration") == [("not_declared",)]
    path.feed(
        [
            declaration(
                "paper",
                at=NOON - timedelta(hours=5),
                received_at=NOON + timedelta(hours=9),
                channel="paper",
            )
        ]
    )
    assert path.rules_found() == set()


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


def test_a_scan_in_a_red_place_is_told_until_a_declaration_lets_it_pass_and_again_when_that_is_taken_back(
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


def test_dose_of_another_name_and_doses_out_of_order_are_told(path: MemoryPath) -> None:
    path.feed(
        [
            dose("1", 1, date(2021, 9, 1)),
            dose("2", 2, date(2021, 8, 1)),
            dose("x", 1, date(2021, 7, 1), full_name="Lê Văn Tám"),
        ]
    )
    assert sorted(path.reasons("vaccination_mismatch")) == [
        ("doses_out_of_order",),
        ("name_different", "birth_date_near"),
    ]


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({}, []),
        ({"symptoms": [], "exposed": False}, []),
        ({"symptoms": ["fever"]}, [("symptoms_declared",)]),
        ({"exposed": True}, [("exposure_declared",)]),
        (
            {"symptoms": ["cough", "fever"], "exposed": True},
            [("symptoms_declared", "exposure_declared")],
        ),
    ],
)
def test_symptoms_and_exposure_on_the_form_are_told(
    path: MemoryPath, said: dict[str, Any], expected: list[tuple[str, ...]]
) -> None:
    path.feed([declaration("a", **said)])
    assert path.reasons("health_declared") == expected


@pytest.mark.parametrize(
    ("after", "decision"), [(timedelta(hours=72), "refer"), (timedelta(hours=72) + MINUTE, "pass")]
)
def test_a_scan_is_told_of_declared_symptoms_while_the_declaration_is_valid(
    path: MemoryPath, after: timedelta, decision: str
) -> None:
    later = declaration("b", at=NOON + timedelta(hours=40))
    path.feed([declaration("a", symptoms=["fever"]), later, scan("c", at=NOON + after)])
    assert [verdict.decision for verdict in path.verdicts().values()] == [decision]


def test_verdict_takes_the_gravest_decision_and_puts_its_reasons_first(path: MemoryPath) -> None:
    path.decide(zone(COAST, "red", NOON - MINUTE))
    path.feed([scan("b", full_name="Lê Văn Tám", shown_kind="card_qr")])
    verdict = next(iter(path.verdicts().values()))
    assert (verdict.decision, verdict.reasons) == (
        "turn_back",
        ["enters_red_zone", "not_declared", "name_different"],
    )


def test_a_policy_may_name_a_reason_and_that_goes_before_its_rule(path: MemoryPath) -> None:
    path.decide(
        zone(COAST, "red", NOON - MINUTE),
        policy({"red_zone_crossing": "turn_back", "red_zone_crossing/leaves_red_zone": "refer"}),
    )
    path.feed([declaration("a", at=NOON - MINUTE, origin_code=CITY, destination_code=CITY)])
    path.feed([scan("in", at=NOON, direction="in"), scan("out", at=NOON + MINUTE, direction="out")])
    assert [verdict.decision for verdict in path.verdicts().values()] == ["turn_back", "refer"]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_every_rule_says_what_it_is_about_in_words_that_officers_read(rule: Rule) -> None:
    assert rule.reasons and rule.example.endswith(".")
    assert set(rule.reasons) <= set(REASONS)
    assert rule.name in DEFAULT_POLICY.decisions


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_every_rule_is_named_after_its_module_and_leaves_naming_to_the_engine(rule: Rule) -> None:
    module = rule.judge.__module__
    assert module == f"streams.rules.{rule.name}"
    assert not hasattr(sys.modules[module], "Finding")


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
