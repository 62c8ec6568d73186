"""How hard random input tries: the same modest amount at every `make test`, `FUZZ_TIMES` as much and ever other input at `make fuzz`."""

import os
import random
import sys

from hypothesis import HealthCheck, settings

TIMES = int(os.environ.get("FUZZ_TIMES", "1"))
SEED = os.environ.get("FUZZ_SEED") or os.urandom(4).hex()
if TIMES > 1:
    sys.__stderr__.write(f"FUZZ_SEED={SEED} tries the same damaged records again\n")  # type: ignore[union-attr] # tests have one
"""Told before anything is tried: what is compiled may end the process."""


def random_of(name: str) -> random.Random:
    return random.Random(name if TIMES == 1 else f"{name} {SEED}")


fuzzed = settings(
    max_examples=200 * TIMES,
    derandomize=TIMES == 1,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
"""A deadline would measure the machine; what must be bounded is bounded by its input."""
