"""`certificate` at its edges: every grade, and whose it is."""

from datetime import date, timedelta
from typing import Any

import pytest

from schemas.contract.events import ScanIdentified
from schemas.domain.reasons import REASONS
from streams.rules.certificate import REASONS_BY_GRADE
from tests.streams.memory_path import MemoryPath
from tests.streams.people import (
    HOA_CCCD,
    NOON,
    certificate,
    checkpoint,
    citizen,
    declaration,
    dose,
    scan,
)

CARD: dict[str, Any] = {
    "shown_kind": "card_qr",
    "full_name": "Nguyễn Thị Hòa",
    "birth_date": "1990-02-17",
    "sex": "female",
}


@pytest.fixture
def path() -> MemoryPath:
    path = MemoryPath()
    path.decide(checkpoint())
    path.record([citizen()])
    path.feed_links()
    path.feed([declaration("in time", at=NOON - timedelta(hours=1))])
    return path


def reasons(path: MemoryPath) -> list[tuple[str, ...]]:
    return path.reasons("certificate")


def test_valid_certificate_of_the_person_raises_nothing_though_it_leaves_diacritics_out(
    path: MemoryPath,
) -> None:
    path.feed([scan("a", **certificate("valid"))])
    assert path.rules_found() == set()
    entry = next(entry for entry in path.topics["journal"] if isinstance(entry, ScanIdentified))
    assert (entry.certificate_grade, entry.certificate_doses) == ("valid", 2)
    assert (entry.certificate_match_name, entry.certificate_match_birth_date) == ("near", "equal")


@pytest.mark.parametrize("grade", REASONS_BY_GRADE)
def test_every_other_grade_is_told_once_by_its_own_reason(path: MemoryPath, grade: str) -> None:
    path.feed([scan("a", **certificate(grade))])  # type: ignore[arg-type] # keys of the table
    assert reasons(path) == [(REASONS_BY_GRADE[grade],)]  # type: ignore[index] # as above
    assert REASONS_BY_GRADE[grade] in REASONS  # type: ignore[index] # as above


@pytest.mark.parametrize(
    ("name", "birth_date", "told"),
    [
        ("TRAN THI MAI", "1990-02-17", True),
        ("NGUYEN THI HOA", "1991-02-17", True),
        ("NGUYEN HOA", "1990", False),
        ("Nguyễn Thị Hoà", "1990-02", False),
        ("Nguyễn Thị Hoá", "1990-02-17", True),
    ],
    ids=[
        "other name",
        "other year",
        "middle name and day left out",
        "tone mark moved",
        "other tone",
    ],
)
def test_certificate_is_bound_by_name_and_birth_date(
    path: MemoryPath, name: str, birth_date: str, *, told: bool
) -> None:
    path.feed([scan("a", **certificate("valid", name, birth_date))])
    assert reasons(path) == ([("certificate_of_another",)] if told else [])


def test_bad_grade_and_another_holder_are_one_finding_with_both_reasons(path: MemoryPath) -> None:
    path.feed([scan("a", **certificate("expired", "TRAN THI MAI"))])
    assert reasons(path) == [("certificate_expired", "certificate_of_another")]


def test_holder_the_register_does_not_know_is_compared_with_the_card() -> None:
    path = MemoryPath()
    path.feed(
        [
            scan("hers", **CARD, **certificate("valid")),
            scan("another's", **CARD, **certificate("valid", "TRAN THI MAI")),
        ]
    )
    assert reasons(path) == [("certificate_of_another",)]


def test_holder_of_whom_nothing_is_known_is_not_accused() -> None:
    path = MemoryPath()
    path.feed([scan("a", **certificate("valid", "TRAN THI MAI"))])
    assert reasons(path) == []
    path.record([citizen()])
    path.feed_links()
    assert reasons(path) == [("certificate_of_another",)]


def test_certificate_counts_for_its_own_scan_only(path: MemoryPath) -> None:
    path.feed(
        [
            scan("a", **certificate("expired")),
            scan("b", at=NOON + timedelta(hours=1)),
            dose("c", 1, date(2021, 8, 1)),
        ]
    )
    assert len(reasons(path)) == 1


@pytest.mark.parametrize(
    ("grade", "decision"),
    [
        ("valid", "pass"),
        ("list_out_of_date", "pass"),
        ("expired", "check_papers"),
        ("tampered", "refer"),
    ],
)
def test_verdict_tells_the_grade_and_does_not_stop_anybody_for_our_own_fault(
    path: MemoryPath, grade: str, decision: str
) -> None:
    path.feed([scan("a", HOA_CCCD, **certificate(grade))])  # type: ignore[arg-type] # grades
    verdict = next(iter(path.verdicts().values()))
    assert (verdict.decision, verdict.certificate_grade, verdict.certificate_kind) == (
        decision,
        grade,
        "vaccination",
    )


def test_no_name_of_a_certificate_gets_past_identify(path: MemoryPath) -> None:
    path.feed([scan("a", **certificate("valid", "TRAN THI MAI", "1991-05-04"))])
    beyond = "".join(
        map(repr, [*path.topics["journal"], *path.topics["flags"], *path.topics["verdicts"]])
    )
    assert "TRAN" not in beyond and "1991-05-04" not in beyond
