"""`dose_sequence` at its edges: gaps, repetitions, intervals and mixes."""

from datetime import UTC, date, datetime, timedelta

import pytest

from schemas.domain.documents import Document, DocumentKind
from streams.rules.dose_sequence import DOSE_SEQUENCE
from tests.streams.memory_path import MemoryPath
from tests.streams.people import HOA_CMND, NOON, citizen, dose, policy

FIRST = date(2021, 8, 1)
DAY = timedelta(days=1)
BABY = Document(DocumentKind.CCCD, "051321000001")


@pytest.fixture
def path() -> MemoryPath:
    path = MemoryPath()
    path.decide(
        policy(
            {},
            valid_from=NOON - 400 * DAY,
            dose_products_together=["AstraZeneca + Pfizer", "Moderna+PFIZER"],
        )
    )
    path.record(
        [
            citizen(),
            citizen(
                BABY.number, cmnd=None, full_name="Nguyễn An", birth_date="2021-08-10", sex="female"
            ),
        ]
    )
    path.feed_links()
    return path


def reasons(path: MemoryPath, rule: str = DOSE_SEQUENCE.name) -> list[tuple[str, ...]]:
    return path.reasons(rule)


def test_two_doses_in_order_far_enough_apart_raise_nothing(path: MemoryPath) -> None:
    path.feed(
        [
            dose("1", 1, FIRST),
            dose("2", 2, FIRST + 14 * DAY, HOA_CMND),
            dose("3", 3, FIRST + 100 * DAY, product="pfizer"),
        ]
    )
    assert path.rules_found() == set()


def test_a_dose_without_the_one_before_is_told_until_that_one_comes(path: MemoryPath) -> None:
    path.feed([dose("2", 2, FIRST + 30 * DAY)])
    assert reasons(path) == [("dose_before_missing",)]
    path.feed([dose("1", 1, FIRST, HOA_CMND)])
    assert path.rules_found() == set()


def test_a_gap_is_told_once_on_the_dose_after_it(path: MemoryPath) -> None:
    later = dose("3", 3, FIRST + 60 * DAY)
    path.feed([dose("1", 1, FIRST), later, dose("4", 4, FIRST + 90 * DAY)])
    assert path.rules_found() == {(DOSE_SEQUENCE.name, later.event_id)}


def test_the_same_dose_on_two_days_is_told_on_the_later_and_on_one_day_not(
    path: MemoryPath,
) -> None:
    path.feed([dose("1", 1, FIRST), dose("1, exported again", 1, FIRST)])
    assert path.rules_found() == set()
    again = dose("1, again", 1, FIRST + 30 * DAY)
    path.feed([again])
    assert (path.rules_found(), reasons(path)) == (
        {(DOSE_SEQUENCE.name, again.event_id)},
        [("dose_repeated",)],
    )


@pytest.mark.parametrize(("days", "expected"), [(13, [("dose_interval_short",)]), (14, [])])
def test_the_policys_least_days_between_doses_are_exact(
    path: MemoryPath, days: int, expected: list[tuple[str, ...]]
) -> None:
    path.feed([dose("1", 1, FIRST), dose("2", 2, FIRST + days * DAY)])
    assert reasons(path) == expected


def test_the_policy_of_the_day_of_the_dose_counts(path: MemoryPath) -> None:
    path.decide(
        policy({}, valid_from=datetime(2021, 8, 20, tzinfo=UTC), dose_interval_least_days=28)
    )
    path.feed([dose("1", 1, FIRST), dose("2", 2, FIRST + 18 * DAY), dose("3", 3, FIRST + 38 * DAY)])
    assert [causes for _, _, _, _, causes in path.open_flags().values()] == [
        (dose("3", 3, FIRST).event_id, dose("2", 2, FIRST).event_id)
    ]


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ("AstraZeneca", "ASTRA-ZENECA", []),
        ("AstraZeneca", "Pfizer", []),
        ("Pfizer", "AstraZeneca", []),
        ("Pfizer", "Moderna", []),
        ("AstraZeneca", "Moderna", [("products_not_together",)]),
        ("Vero Cell", "Pfizer", [("products_not_together",)]),
        ("", "Moderna", []),
        ("Moderna", "-", []),
    ],
)
def test_a_mix_is_told_unless_the_policy_has_it(
    path: MemoryPath, first: str, second: str, expected: list[tuple[str, ...]]
) -> None:
    path.feed([dose("1", 1, FIRST, product=first), dose("2", 2, FIRST + 60 * DAY, product=second)])
    assert reasons(path) == expected


@pytest.mark.parametrize(
    ("mixes", "expected"),
    [(["Pfizer+Moderna"], [("products_not_together",)]), (["AstraZeneca + Vaxzevria"], [])],
)
def test_two_names_of_one_vaccine_are_a_mix_until_the_policy_lists_them_together(
    path: MemoryPath, mixes: list[str], expected: list[tuple[str, ...]]
) -> None:
    path.decide(policy({}, dose_products_together=mixes))
    path.feed([dose("1", 1, FIRST), dose("1 as well", 1, FIRST, product="Vaxzevria")])
    assert reasons(path) == expected


def test_mixes_are_not_looked_at_where_the_policy_names_none() -> None:
    path = MemoryPath()
    path.record([citizen()])
    path.feed_links()
    path.feed(
        [
            dose("1", 1, FIRST, product="Vero Cell"),
            dose("2", 2, FIRST + 60 * DAY, product="Moderna"),
        ]
    )
    assert path.rules_found() == set()
