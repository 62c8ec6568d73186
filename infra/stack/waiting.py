"""Waits for a condition, never longer than a bound."""

import time
from collections.abc import Callable

from infra.errors import InfraError

POLL_S = 0.05


def wait_for(condition: Callable[[], bool], timeout_s: float, otherwise: str) -> None:
    """Returns when `condition` holds. Raises `InfraError(otherwise)` if it does not in time."""
    deadline = time.monotonic() + timeout_s
    while not condition():
        if time.monotonic() > deadline:
            raise InfraError(otherwise)
        time.sleep(POLL_S)
