"""`identity_mismatch` at its edges: fields that differ, and fields that are only near."""

import pytest

from tests.streams.memory_path import MemoryPath
from tests.streams.people import (
    checkpoint,
    citizen,
    declaration,
)


@pytest.fixture
def path() -> MemoryPath:
    path = MemoryPath()
    path.decide(checkpoint())
    path.record([citizen()])
    path.feed_links()
    return path


def test_other_birth_date_and_near_name_are_told_apart(path: MemoryPath) -> None:
    path.feed([declaration("a", full_name="NGUYEN THI HOA", birth_date="1971-02-17")])
    assert path.reasons("identity_mismatch") == [("birth_date_different", "name_near")]


def test_name_without_diacritics_alone_raises_nothing(path: MemoryPath) -> None:
    path.feed([declaration("a", full_name="nguyen thi hoa")])
    assert path.rules_found() == set()
