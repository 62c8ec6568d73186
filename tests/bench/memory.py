"""Reads the memory of the processes that are measured."""

import re
from collections.abc import Mapping
from pathlib import Path

from tests.running_stack import RunningStack


def most_memory_mb(pid: int) -> float:
    """Returns the most memory the process has had since it began.

    The kernel keeps this high-water mark; psutil does not give it.
    """
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    line = re.search(r"^VmHWM:\s+(\d+) kB$", status, re.MULTILINE)
    assert line is not None, f"the kernel does not say how much memory process {pid} has used"
    return int(line[1]) * 1024 / 1e6


def most_memory_of_parts(stack: RunningStack, parts: tuple[str, ...]) -> Mapping[str, float]:
    """Returns the most memory of each process of these parts, by name."""
    memory = {}
    for part in parts:
        for unit in stack.units(part):
            memory[unit] = most_memory_mb(stack.pid(unit))
    return memory
