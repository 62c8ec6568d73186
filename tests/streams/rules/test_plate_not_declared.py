"""`plate_not_declared` at its edges: which declarations name the vehicle."""

from datetime import timedelta

import pytest

from tests.streams.memory_path import MemoryPath
from tests.streams.people import (
    NOON,
    declaration,
    declaration_id,
    scan,
)

MINUTE = timedelta(minutes=1)
RED_CAR, BLUE_CAR = "a" * 32, "b" * 32


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
