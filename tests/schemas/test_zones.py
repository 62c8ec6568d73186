"""Levels of districts and provinces from their parts, at the exact shares of Decision 2686."""

from datetime import UTC, datetime, timedelta

import pytest

from schemas.contract.events import PolicyAdopted, ReferenceEvent
from schemas.domain.reference import Reference
from schemas.domain.zones import computed_levels, parts
from tests.streams.people import NOON, policy, zone

DISTRICT, PROVINCE = "534", "51"
COMMUNES = parts(DISTRICT)


def computed(levels: dict[str, str], adopted: PolicyAdopted | None = None) -> dict[str, str]:
    reference = Reference()
    facts = [zone(code, level, NOON) for code, level in levels.items()]
    known: list[ReferenceEvent] = [*([adopted] if adopted else []), *facts]
    for version, fact in enumerate(known):
        reference.add(version, fact)
    return dict(
        computed_levels(PROVINCE, reference.as_of(reference.version), NOON + timedelta(hours=1))
    )


def levels(red: int, orange: int) -> dict[str, str]:
    return dict.fromkeys(COMMUNES[:red], "red") | dict.fromkeys(
        COMMUNES[red : red + orange], "orange"
    )


def test_the_district_of_the_test_has_fifteen_communes() -> None:
    assert len(COMMUNES) == 15


@pytest.mark.parametrize(
    ("red", "orange", "very_high"),
    [
        (4, 0, False),
        (5, 0, True),
        (0, 7, False),
        (0, 8, True),
        (4, 3, False),
        (4, 4, True),
        (0, 0, False),
    ],
)
def test_a_district_is_very_high_from_three_tenths_very_high_or_half_high_on(
    red: int, orange: int, very_high: bool
) -> None:
    assert (computed(levels(red, orange)) == {DISTRICT: "red"}) is very_high


def test_the_shares_are_the_policys() -> None:
    assert computed(levels(4, 0), policy({}, red_share_least=0.25)) == {DISTRICT: "red"}


def test_enough_districts_make_the_province_very_high_whether_decided_or_computed() -> None:
    districts = parts(PROVINCE)
    needed = -(-3 * len(districts) // 10)
    decided = {code: "red" for code in districts if code != DISTRICT}
    few = dict(list(decided.items())[: needed - 1])
    assert PROVINCE not in computed(few)
    assert PROVINCE in computed(few | levels(5, 0))


def test_a_level_that_has_ended_counts_no_more() -> None:
    reference = Reference()
    for version, code in enumerate(COMMUNES):
        reference.add(version, zone(code, "red", NOON, NOON + timedelta(hours=1)))
    known = reference.as_of(reference.version)
    assert DISTRICT in computed_levels(PROVINCE, known, NOON)
    assert computed_levels(PROVINCE, known, NOON + timedelta(hours=1)) == {}
    assert computed_levels(PROVINCE, known, datetime(2021, 1, 1, tzinfo=UTC)) == {}
