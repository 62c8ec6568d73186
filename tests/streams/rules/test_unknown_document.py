"""`unknown_document`: one flag per document, with all its uses."""

from datetime import timedelta

import pytest

from tests.streams.memory_path import MemoryPath
from tests.streams.people import (
    HOA_CCCD,
    NOON,
    PSEUDONYMS,
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


def test_document_the_register_does_not_know_is_flagged_once_with_all_its_uses() -> None:
    path = MemoryPath()
    path.feed([declaration("a"), scan("b", at=NOON + MINUTE)])
    found = [flag for flag in path.open_flags().values() if flag[0] == "unknown_document"]
    assert [(flag[2], len(flag[4])) for flag in found] == [(PSEUDONYMS.document(HOA_CCCD), 2)]
