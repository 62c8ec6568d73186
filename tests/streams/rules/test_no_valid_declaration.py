"""`no_valid_declaration` at its edges: validity, paper forms, cancellations."""

from datetime import timedelta

import pytest

from tests.streams.memory_path import MemoryPath
from tests.streams.people import (
    NOON,
    cancellation,
    checkpoint,
    citizen,
    declaration,
    scan,
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
    ("after", "expected"),
    [
        (-MINUTE, []),
        (timedelta(0), [("declaration_cancelled",)]),
        (MINUTE, [("declaration_cancelled",)]),
    ],
)
def test_a_cancelled_declaration_counts_until_it_is_cancelled(
    after: timedelta, expected: list[tuple[str, ...]]
) -> None:
    path = MemoryPath()
    path.feed(
        [
            scan("s", at=NOON + timedelta(hours=1) + after),
            cancellation("a", at=NOON + timedelta(hours=1)),
            declaration("a"),
        ]
    )
    assert path.reasons("no_valid_declaration") == expected


def test_an_older_declaration_that_still_counts_stands_in_for_a_cancelled_one() -> None:
    path = MemoryPath()
    path.feed(
        [
            declaration("old"),
            declaration("new", at=NOON + MINUTE),
            cancellation("new", at=NOON + 2 * MINUTE),
            scan("s", at=NOON + 3 * MINUTE),
        ]
    )
    assert path.reasons("no_valid_declaration") == []


def test_a_declaration_of_somebody_else_cannot_end_ones_own() -> None:
    """The ids are unique; whoever names a foreign one ends nothing, for histories are by person."""
    path = MemoryPath()
    path.feed([declaration("mine"), scan("s", at=NOON + 5 * MINUTE)])
    assert path.reasons("no_valid_declaration") == []
