"""Waits for a condition, never longer than a bound: what tests do instead of sleeping."""

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


def wait_until(
    condition: Callable[[], T | None],
    timeout_s: float = 60.0,
    *,
    what: str = "",
    poll_s: float = 0.02,
) -> T:
    """Gives the first true value; fails the test, saying `what` it waited for and what it last saw, when there is none in time."""
    deadline = time.monotonic() + timeout_s
    while not (seen := condition()):
        if time.monotonic() > deadline:
            raise AssertionError(
                f"waited {timeout_s} s for {what or condition}; last seen: {seen!r}"
            )
        time.sleep(poll_s)
    return seen
