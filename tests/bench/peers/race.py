"""Measures how fast an entrant is, from the first scan to the last flag or until its time is up."""

import time
from collections.abc import Set
from dataclasses import dataclass

import psutil

from tests.bench.peers.course import Course
from tests.bench.peers.job import Pair
from tests.bench.peers.scans import Scans

POLL_S = 0.2
WARM = 0.1
"""This share of the flags passes before figures count.

By then programs are compiled, caches are full and connections stand.
"""


@dataclass(frozen=True, slots=True)
class Result:
    per_second: float
    processor_us: float
    """Time of all its threads for one scan, which other work on the machine hardly changes."""
    finished: bool
    """Whether it came to the end before its time was up."""
    first_flag_s: float
    """Seconds from its start to its first flag."""


def race(course: Course, scans: Scans, truth: Set[Pair], most_s: float) -> Result:
    """Runs one entrant; `most_s` counts from the first flag on.

    Flags are evenly spread, so that they tell how many scans were judged.
    """
    begun, scans_a_flag = time.time(), scans.that_may_be_flagged / len(truth)
    with course.running() as process:
        watched = psutil.Process(process.pid)
        until: float | None = None
        used = list[tuple[int, float]]()
        while (found := course.read_flags()) < len(truth) and (
            until is None or time.monotonic() < until
        ):
            assert process.poll() is None, f"{course.name} ended by itself: {course.log_end()}"
            if found and until is None:
                until = time.monotonic() + most_s
            used.append((found, _processor_s(watched)))
            time.sleep(POLL_S)
        used_s = _processor_s(watched)
    assert truth >= set(course.pairs()), f"{course.name} flags what is not to be flagged"
    times = sorted(at for at, _ in course.seen)
    from_ms = times[int(WARM * found)]
    rate = sum(at > from_ms for at in times) * scans_a_flag / ((times[-1] - from_ms) / 1000)
    flags_before, used_before_s = max(sample for sample in used if sample[0] <= WARM * found)
    processor_us = 1e6 * (used_s - used_before_s) / ((found - flags_before) * scans_a_flag)
    return Result(
        rate, processor_us, len(set(course.pairs())) == len(truth), times[0] / 1000 - begun
    )


def _processor_s(process: psutil.Process) -> float:
    return float(sum(process.cpu_times()[:2]))
