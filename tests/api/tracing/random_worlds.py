"""Tries a property of traces in random worlds: in some at each run, in all at the long one.

Each world costs half a second of the processor, most of it for the tables to take its rows. The
worlds are the same at every run.
"""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

Test = Callable[..., None]


def in_some_worlds(worlds: int, test: Test) -> Test:
    """Returns the test for every run: it tries a quarter of the worlds."""
    return _tried(worlds // 4, test)


def in_all_worlds(worlds: int, test: Test) -> Test:
    """Returns the long test."""
    long: Test = pytest.mark.long(_tried(worlds, test))
    return long


def _tried(worlds: int, test: Test) -> Test:
    tried: Any = settings(
        max_examples=worlds,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow],
        derandomize=True,
    )
    decorated: Test = tried(test)
    return decorated
