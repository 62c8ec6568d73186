"""`vaccination_mismatch` at its edges: another name, and doses out of order."""

from datetime import date

import pytest

from tests.streams.memory_path import MemoryPath
from tests.streams.people import (
    checkpoint,
    citizen,
    dose,
)


@pytest.fixture
def path() -> MemoryPath:
    path = MemoryPath()
    path.decide(checkpoint())
    path.record([citizen()])
    path.feed_links()
    return path


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
