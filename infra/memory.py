"""How often a process that makes many short-lived values looks for cycles among them."""

import gc

YOUNG, MIDDLE, OLD = 100_000, 50, 100


def collect_seldom() -> None:
    """A batch makes tens of thousands of values and no cycles; the collector's usual 700 cost a sixth of the stages' throughput. What
    the imports made stays for good and is not looked at again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG, MIDDLE, OLD)
