"""How hard random input tries: the same modest amount at every `make test`, `FUZZ_TIMES` as much and ever other input at `make fuzz`."""

import os

from hypothesis import HealthCheck, settings

TIMES = int(os.environ.get("FUZZ_TIMES", "1"))

fuzzed = settings(max_examples=200 * TIMES, derandomize=TIMES == 1, deadline=None, suppress_health_check=list(HealthCheck))
"""A deadline would measure the machine; what must be bounded is bounded by its input."""
