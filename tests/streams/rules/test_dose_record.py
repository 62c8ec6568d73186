"""`dose_record` at its edges: two places on one day, before birth, after death."""

from datetime import UTC, date, datetime, timedelta

import pytest

from schemas.domain.documents import Document, DocumentKind
from streams.rules.dose_record import DOSE_RECORD
from tests.streams.memory_path import MemoryPath
from tests.streams.people import HOA_CCCD, HOA_CMND, NOON, citizen, dose, policy, removal

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


def reasons(path: MemoryPath, rule: str) -> list[tuple[str, ...]]:
    return path.reasons(rule)


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ("Trạm y tế", "Bệnh viện", [("two_places_same_day",)]),
        ("Trạm y tế", "TRẠM  Y TẾ", []),
        ("Trạm y tế", None, []),
    ],
)
def test_two_places_on_one_day_are_told_on_one_dose(
    path: MemoryPath, first: str, second: str | None, expected: list[tuple[str, ...]]
) -> None:
    path.feed(
        [
            dose("1", 1, FIRST, facility=first),
            dose("1 as well", 1, FIRST, HOA_CMND, facility=second),
        ]
    )
    assert reasons(path, DOSE_RECORD.name) == expected


def test_two_places_on_two_days_are_nothing(path: MemoryPath) -> None:
    path.feed(
        [
            dose("1", 1, FIRST, facility="Trạm y tế"),
            dose("2", 2, FIRST + 30 * DAY, facility="Bệnh viện"),
        ]
    )
    assert path.rules_found() == set()


@pytest.mark.parametrize(
    ("on", "born", "expected"),
    [
        (date(2021, 8, 9), "2021-08-10", [("dose_before_birth",)]),
        (date(2021, 8, 10), "2021-08-10", []),
        (date(2021, 8, 9), "2021", [("dose_before_birth",)]),
        (date(2021, 8, 11), "2021-09", [("dose_before_birth",)]),
        (date(2021, 8, 11), "2021-08", []),
        (date(2021, 8, 11), "2022", [("dose_before_birth",)]),
    ],
)
def test_a_dose_before_the_registers_birth_date_or_the_records_own_is_told(
    path: MemoryPath, on: date, born: str, expected: list[tuple[str, ...]]
) -> None:
    path.feed([dose("1", 1, on, BABY, full_name="Nguyễn An", birth_date=born)])
    assert reasons(path, DOSE_RECORD.name) == expected


@pytest.mark.parametrize(
    ("removed_at", "expected"),
    [
        (datetime(2021, 8, 1, 16, 59, tzinfo=UTC), [("dose_after_death",)]),
        (datetime(2021, 8, 1, 17, 0, tzinfo=UTC), []),
    ],
)
@pytest.mark.parametrize("document", [HOA_CCCD, HOA_CMND])
def test_a_dose_after_the_day_of_removal_for_death_is_told_by_vietnams_clock(
    removed_at: datetime, expected: list[tuple[str, ...]], document: Document
) -> None:
    path = MemoryPath()
    path.record([citizen(recorded_at=removed_at - DAY)])
    path.feed_links()
    path.feed([dose("1", 1, date(2021, 8, 2), document)])
    path.record([removal(HOA_CCCD.number, removed_at, "deceased")])
    path.feed_links()
    assert reasons(path, DOSE_RECORD.name) == expected


def test_removals_for_other_reasons_say_nothing_of_doses_and_a_death_recalled_clears(
    path: MemoryPath,
) -> None:
    path.feed([dose("1", 1, date(2021, 9, 16))])
    path.record([removal(HOA_CCCD.number, NOON - 12 * timedelta(hours=1), "moved_away")])
    path.feed_links()
    assert reasons(path, DOSE_RECORD.name) == []
    path.record([removal(HOA_CCCD.number, NOON - 11 * timedelta(hours=1), "deceased")])
    path.feed_links()
    assert reasons(path, DOSE_RECORD.name) == [("dose_after_death",)]
    path.record([citizen(recorded_at=NOON)])
    path.feed_links()
    assert path.rules_found() == set()
