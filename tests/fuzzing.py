"""Says how much random input is tried.

It is the same modest amount at every `make test`; at `make fuzz` it is `FUZZ_TIMES` as much, and
other input each time.
"""

import os
import random
import sys

from hypothesis import HealthCheck, settings

TIMES = int(os.environ.get("FUZZ_TIMES", "1"))
SEED = os.environ.get("FUZZ_SEED") or os.urandom(4).hex()
if TIMES > 1:
    sys.__stderr__.write(f"FUZZ_SEED={SEED} tries the same damaged records again\n")  # type: ignore[union-attr] # tests have one
"""It is written before anything is tried: a fault in the compiled module may end the process."""


def random_of(name: str) -> random.Random:
    """Returns the random numbers of a test: the same in every `make test`."""
    return random.Random(name if TIMES == 1 else f"{name} {SEED}")


fuzzed = settings(
    max_examples=200 * TIMES,
    derandomize=TIMES == 1,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
"""A deadline would measure the machine; what must be bounded is bounded by its input."""
