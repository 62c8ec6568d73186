"""Sets of exposure rules: shipped ones, and those adopted under their names or others."""

from datetime import timedelta

from msgspec.structs import replace

from schemas.domain.exposure import CV_11042, QD_3638
from schemas.domain.reference import NOTHING_KNOWN
from tests.schemas.reference_facts import exposure_rules, hour, reference_of


def test_a_set_of_exposure_rules_adopted_anew_replaces_the_shipped_one_of_its_name() -> None:
    reference = reference_of(
        enumerate([exposure_rules("QD-3638", 15, 0, None), exposure_rules("QD-1", 5, 2, 3)])
    )
    named = reference.as_of(1).exposure_rules()
    assert {name: rules.overlap_minutes for name, rules in named.items()} == {
        "QD-3638": 15,
        "QD-1": 5,
        "CV-11042": 15,
    }
    assert reference.as_of(NOTHING_KNOWN).exposure_rules() == {
        "QD-3638": QD_3638,
        "CV-11042": CV_11042,
    }


def test_a_set_named_is_the_version_for_the_time_of_the_case() -> None:
    reference = reference_of(
        enumerate([exposure_rules("QD-1", 15, 2, None), exposure_rules("QD-1", 30, 4, None)])
    )
    known = reference.as_of(1)
    named = [known.exposure_rules_named("QD-1", hour(number)) for number in (0, 2, 4)]
    assert [rules and rules.overlap_minutes for rules in named] == [15, 15, 30]
    assert known.exposure_rules_named("QD-9", hour(0)) is None


def test_a_shipped_set_adopted_anew_holds_from_its_own_date_on_however_early() -> None:
    early = replace(
        exposure_rules("QD-3638", 5, 0, None), valid_from=QD_3638.valid_from - timedelta(days=9)
    )
    known = reference_of([(0, early)]).as_of(0)
    assert (
        known.exposure_rules_named("QD-3638", hour(0)) == known.exposure_rules_at(hour(0)) == early
    )
