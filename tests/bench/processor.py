"""Reads the processor time of the parts that are measured."""

from collections.abc import Mapping, Sequence

import psutil

from tests.running_stack import RunningStack


def processor_s_of_parts(stack: RunningStack, parts: Sequence[str]) -> Mapping[str, float]:
    """Returns the processor time of each part since it started, of all its workers together."""
    used = {}
    for part in parts:
        times = [psutil.Process(stack.pid(unit)).cpu_times() for unit in stack.units(part)]
        used[part] = sum(time.user + time.system for time in times)
    return used


def used_since(before: Mapping[str, float], after: Mapping[str, float]) -> dict[str, float]:
    return {part: round(after[part] - before[part], 2) for part in before}
