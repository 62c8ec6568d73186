"""Waits for a condition, never longer than a bound: what tests do instead of sleeping.

A bound only ends a test that hangs. It measures nothing, so that a machine four times slower, or
one that works at something else too, passes the same tests.
"""

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

BOUND_S = 240.0
"""Whatever takes seconds on an idle machine has ended by then on any machine."""


def wait_until(
    condition: Callable[[], T | None],
    timeout_s: float = BOUND_S,
    *,
    what: str = "",
    poll_s: float = 0.02,
) -> T:
    """Returns the first true value of `condition`.

    Fails the test where there is none within the bound: it says `what` it waited for, and what it
    saw last.
    """
    deadline = time.monotonic() + timeout_s
    while not (seen := condition()):
        if time.monotonic() > deadline:
            raise AssertionError(
                f"waited {timeout_s} s for {what or condition}; last seen: {seen!r}"
            )
        time.sleep(poll_s)
    return seen
