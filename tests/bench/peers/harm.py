"""Measures how safe an entrant is: killed at random moments of its work and started anew.

Its flags are held against the truth.
"""

import random
import time
from collections import Counter
from collections.abc import Set
from dataclasses import dataclass

from tests.bench.peers.course import Course, kill
from tests.bench.peers.job import Pair

KILLS = 4
POLL_S = 0.05
JITTER_S = 0.5


@dataclass(frozen=True, slots=True)
class Harmed:
    lost: int
    doubled: int
    """Right flags came more than once: this many copies are too many."""
    wrong: int
    """These flags are about two scans that did not follow each other.

    State was ahead of the position.
    """
    kills: int
    seconds: float


def harm(course: Course, truth: Set[Pair], seed: int, most_s: float) -> Harmed:
    draw = random.Random(seed)
    begun = time.monotonic()
    for share in sorted(draw.uniform(0.05, 0.95) for _ in range(KILLS)):
        with course.running() as process:
            _wait_until_found(course, truth, int(share * len(truth)), begun + most_s)
            time.sleep(draw.uniform(0, JITTER_S))
            kill(process)
    with course.running():
        while not course.finished():
            assert time.monotonic() < begun + most_s, (
                f"{course.name} did not come to the end: {course.log_end()}"
            )
            time.sleep(POLL_S * 10)
    course.read_flags()
    found = Counter(course.pairs())
    doubled = sum(count - 1 for pair, count in found.items() if pair in truth)
    wrong = sum(count for pair, count in found.items() if pair not in truth)
    return Harmed(len(truth - found.keys()), doubled, wrong, KILLS, time.monotonic() - begun)


def _wait_until_found(course: Course, truth: Set[Pair], wanted: int, deadline: float) -> None:
    found = truth & set(course.pairs())
    while len(found) < wanted:
        assert time.monotonic() < deadline, (
            f"{course.name} found {len(found)} of {wanted} flags in time: {course.log_end()}"
        )
        before = len(course.seen)
        course.read_flags()
        found |= truth & set(course.pairs(before))
        time.sleep(POLL_S)
