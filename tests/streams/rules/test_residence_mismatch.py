"""`residence_mismatch` at its edges: permanent and temporary residence."""

from typing import Any

import pytest

from tests.streams.memory_path import MemoryPath
from tests.streams.people import CITY, COAST, HOA_CCCD, citizen, declaration

SAME_DISTRICT = "21442"
"""COAST is another commune of the same district, Đức Phổ."""


@pytest.mark.parametrize(
    ("registered", "said", "expected"),
    [
        ({"permanent_code": COAST}, {"permanent_code": COAST}, []),
        ({"permanent_code": COAST}, {"permanent_code": SAME_DISTRICT}, []),
        ({"permanent_code": COAST}, {"permanent_code": CITY}, [("permanent_residence_different",)]),
        ({"permanent_code": COAST}, {}, []),
        ({}, {"permanent_code": CITY}, []),
        (
            {"permanent_code": COAST},
            {"lodging_code": CITY},
            [],
        ),  # registered nowhere else: may lodge anywhere
        ({"permanent_code": COAST, "temporary_code": CITY}, {"lodging_code": CITY}, []),
        (
            {"permanent_code": COAST, "temporary_code": CITY},
            {"lodging_code": COAST},
            [("temporary_residence_different",)],
        ),
        (
            {"permanent_code": COAST, "temporary_code": COAST},
            {"permanent_code": CITY, "lodging_code": CITY},
            [("permanent_residence_different", "temporary_residence_different")],
        ),
    ],
)
def test_declared_residences_are_held_against_the_registers(
    registered: dict[str, Any], said: dict[str, Any], expected: list[tuple[str, ...]]
) -> None:
    path = MemoryPath()
    path.record([citizen(HOA_CCCD.number, **registered)])
    path.feed_links()
    path.feed([declaration("a", **said)])
    assert path.reasons("residence_mismatch") == expected
