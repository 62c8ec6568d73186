"""Measures what a process needs in memory while something is done to it, by the kernel's count."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path


@dataclass
class Grown:
    mb: float = 0.0
    """The growth runs from what the process held before to its highest in the block."""


@contextmanager
def growth_of(pid: int) -> Iterator[Grown]:
    before = _status(pid, "VmRSS")
    grown = Grown()
    # The kernel counts the highest anew from here.
    (Path("/proc") / str(pid) / "clear_refs").write_text("5")
    yield grown
    grown.mb = (_status(pid, "VmHWM") - before) / 1024


def _status(pid: int, name: str) -> int:
    lines = (Path("/proc") / str(pid) / "status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(f"{name}:"))
