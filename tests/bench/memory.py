"""Memory of the processes that are measured."""

import re
from collections.abc import Mapping
from pathlib import Path

from tests.running_stack import RunningStack


def most_memory_mb(pid: int) -> float:
    """Since the process began: the kernel keeps the high-water mark, which psutil does not give."""
    found = re.search(
        r"^VmHWM:\s+(\d+) kB$",
        Path(f"/proc/{pid}/status").read_text(encoding="ascii"),
        re.MULTILINE,
    )
    assert found is not None, f"the kernel does not say how much memory process {pid} has used"
    return int(found[1]) * 1024 / 1e6


def most_memory_of_parts(stack: RunningStack, parts: tuple[str, ...]) -> Mapping[str, float]:
    """Of each process of these parts, by name."""
    return {unit: most_memory_mb(stack.pid(unit)) for part in parts for unit in stack.units(part)}
