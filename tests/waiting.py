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
MAX_PAUSE_S = 0.5
"""A condition that takes long is asked so often at least."""


def wait_until(
    condition: Callable[[], T | None],
    timeout_s: float = BOUND_S,
    *,
    what: str = "",
    poll_s: float = 0.02,
) -> T:
    """Returns the first true value of `condition`.

    It is asked every `poll_s`, or less often where it takes long: between two times it rests twice
    as long as it takes. Else the questions would take the processor from what they wait for.

    Fails the test where there is none within the bound: it says `what` it waited for, and what it
    saw last.
    """
    deadline = time.monotonic() + timeout_s
    while True:
        asked_at = time.monotonic()
        seen = condition()
        if seen:
            return seen
        answered_at = time.monotonic()
        if answered_at > deadline:
            raise AssertionError(
                f"waited {timeout_s} s for {what or condition}; last seen: {seen!r}"
            )
        rest_s = min(2 * (answered_at - asked_at), MAX_PAUSE_S)
        time.sleep(max(poll_s, rest_s))
