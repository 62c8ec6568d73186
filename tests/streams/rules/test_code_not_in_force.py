"""`code_not_in_force` at its edges: codes of replaced and cancelled declarations."""

from datetime import timedelta
from typing import Any

import pytest

from tests.streams.memory_path import MemoryPath
from tests.streams.people import (
    NOON,
    cancellation,
    declaration,
    declaration_id,
    scan,
)

MINUTE = timedelta(minutes=1)


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
