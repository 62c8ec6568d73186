"""Sets how often a process that makes many short-lived values looks for cycles among them."""

import gc

YOUNG, MIDDLE, OLD = 100_000, 50, 100


def collect_seldom() -> None:
    """Lets the collector of cycles run seldom, and never over what the imports made.

    A batch makes tens of thousands of values and no cycles. The collector's usual threshold of 700
    costs a sixth of the stages' throughput.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG, MIDDLE, OLD)
