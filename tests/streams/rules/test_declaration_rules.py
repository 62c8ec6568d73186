"""What became of a declaration, and what of it is met on the road, at the edges of each rule."""

from datetime import timedelta
from typing import Any, get_args

import pytest

from schemas.contract.events import CheckpointScanned
from schemas.contract.terms import CodeFault
from schemas.domain.documents import Document
from tests.streams.memory_path import MemoryPath
from tests.streams.people import (
    HOA_CCCD,
    HOA_CMND,
    NOON,
    PSEUDONYMS,
    cancellation,
    citizen,
    declaration,
    declaration_id,
    scan,
)

MINUTE = timedelta(minutes=1)
RED_CAR, BLUE_CAR = "a" * 32, "b" * 32


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


@pytest.mark.parametrize(
    ("shown", "at", "expected"),
    [
        ("first", NOON + MINUTE, []),
        ("first", NOON + 10 * MINUTE, [("code_of_superseded_declaration",)]),
        ("second", NOON + 10 * MINUTE, []),
        ("second", NOON + 20 * MINUTE, [("code_of_cancelled_declaration",)]),
    ],
)
def test_a_code_counts_until_its_declaration_is_replaced_or_cancelled(
    shown: str, at: Any, expected: list[tuple[str, ...]]
) -> None:
    path = MemoryPath()
    second = declaration("second", at=NOON + 10 * MINUTE, replaces=declaration_id("first"))
    path.feed([declaration("first"), second, cancellation("second", at=NOON + 20 * MINUTE)])
    path.feed(
        [
            scan(
                "s",
                at=at,
                shown_kind="token",
                declaration_id=declaration_id(shown),
                document_kind=None,
                document_number=None,
            )
        ]
    )
    assert path.reasons("code_not_in_force") == expected


def checked(name: str, document: Document, **said: Any) -> CheckpointScanned:
    """Our code, beside which the document was checked."""
    return scan(name, document, NOON + MINUTE, shown_kind="token", **said)


def test_a_code_is_another_person_s_until_a_link_shows_that_it_is_ones_own() -> None:
    path = MemoryPath()
    code = {"declaration_id": declaration_id("a"), "code_key": PSEUDONYMS.document(HOA_CMND)}
    path.feed([declaration("a", HOA_CMND), checked("s", HOA_CCCD, **code)])
    assert path.reasons("code_of_another") == [("code_of_another_person",)]
    path.record([citizen()])
    path.feed_links()
    assert path.reasons("code_of_another") == []


def test_a_code_of_ones_own_document_is_ones_own_before_the_declaration_arrives() -> None:
    path = MemoryPath()
    path.feed(
        [
            checked(
                "s",
                HOA_CCCD,
                declaration_id=declaration_id("late"),
                code_key=PSEUDONYMS.document(HOA_CCCD),
            )
        ]
    )
    assert path.reasons("code_of_another") == []


@pytest.mark.parametrize("fault", get_args(CodeFault))
def test_a_code_that_cannot_be_trusted_is_told_with_why(fault: CodeFault) -> None:
    path = MemoryPath()
    path.feed([declaration("a"), checked("s", HOA_CCCD, code_fault=fault)])
    assert path.reasons("code_not_trusted") == [(f"code_{fault}",)]


def test_a_declaration_of_somebody_else_cannot_end_ones_own() -> None:
    """The ids are unique; whoever names a foreign one ends nothing, for histories are by person."""
    path = MemoryPath()
    path.feed([declaration("mine"), scan("s", at=NOON + 5 * MINUTE)])
    assert path.reasons("no_valid_declaration") == []


@pytest.mark.parametrize(
    ("declared", "met", "expected"),
    [
        ([RED_CAR], RED_CAR, []),
        ([RED_CAR], BLUE_CAR, [("plate_not_declared",)]),
        ([RED_CAR], None, []),
        ([None], BLUE_CAR, []),
        ([], BLUE_CAR, []),
        ([RED_CAR, BLUE_CAR], RED_CAR, []),
        ([RED_CAR, None], BLUE_CAR, [("plate_not_declared",)]),
    ],
)
def test_the_vehicle_is_one_of_those_declared(
    declared: list[str | None], met: str | None, expected: list[tuple[str, ...]]
) -> None:
    path = MemoryPath()
    path.feed([declaration(f"d{number}", vehicle_key=key) for number, key in enumerate(declared)])
    path.feed([scan("s", at=NOON + MINUTE, vehicle_key=met)])
    assert path.reasons("plate_not_declared") == expected


def test_a_shown_code_says_which_declaration_names_the_vehicle() -> None:
    path = MemoryPath()
    path.feed([declaration("one", vehicle_key=RED_CAR), declaration("two", vehicle_key=BLUE_CAR)])
    path.feed(
        [
            scan(
                "s",
                at=NOON + MINUTE,
                shown_kind="token",
                declaration_id=declaration_id("one"),
                vehicle_key=BLUE_CAR,
            )
        ]
    )
    assert path.reasons("plate_not_declared") == [("plate_not_declared",)]


def test_a_declaration_too_old_says_nothing_about_the_vehicle() -> None:
    path = MemoryPath()
    path.feed(
        [
            declaration("one", vehicle_key=RED_CAR),
            scan("s", at=NOON + timedelta(hours=73), vehicle_key=BLUE_CAR),
        ]
    )
    assert path.reasons("plate_not_declared") == []
