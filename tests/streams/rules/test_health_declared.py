"""`health_declared` at its edges: what the form names, and for how long scans are told."""

from datetime import timedelta
from typing import Any

import pytest

from tests.streams.memory_path import MemoryPath
from tests.streams.people import (
    NOON,
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
    ("said", "expected"),
    [
        ({}, []),
        ({"symptoms": [], "exposed": False}, []),
        ({"symptoms": ["fever"]}, [("symptoms_declared",)]),
        ({"exposed": True}, [("exposure_declared",)]),
        (
            {"symptoms": ["cough", "fever"], "exposed": True},
            [("symptoms_declared", "exposure_declared")],
        ),
    ],
)
def test_symptoms_and_exposure_on_the_form_are_told(
    path: MemoryPath, said: dict[str, Any], expected: list[tuple[str, ...]]
) -> None:
    path.feed([declaration("a", **said)])
    assert path.reasons("health_declared") == expected


@pytest.mark.parametrize(
    ("after", "decision"), [(timedelta(hours=72), "refer"), (timedelta(hours=72) + MINUTE, "pass")]
)
def test_a_scan_is_told_of_declared_symptoms_while_the_declaration_is_valid(
    path: MemoryPath, after: timedelta, decision: str
) -> None:
    later = declaration("b", at=NOON + timedelta(hours=40))
    path.feed([declaration("a", symptoms=["fever"]), later, scan("c", at=NOON + after)])
    assert [verdict.decision for verdict in path.verdicts().values()] == [decision]
