"""`BENCH_SCALE=0.1 make bench ONLY=peers` tries a benchmark in a tenth of its size.

Its figures say so.
"""

import os

SCALE = float(os.environ.get("BENCH_SCALE", "1"))


def scaled(count: int) -> int:
    return max(1, round(count * SCALE))
