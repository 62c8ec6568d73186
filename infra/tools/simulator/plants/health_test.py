"""No health test where one is required, a result a minute too old, a positive one.

A minute before, a negative one after it, and a place where none is required yet must stay silent.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

from infra.tools.simulator.builder import MINUTE, Builder
from infra.tools.simulator.citizens import Citizen
from infra.tools.simulator.day import TESTED_CHECKPOINT, TESTED_COMMUNE, TESTED_FROM
from infra.tools.simulator.policy import POSITIVE_DAYS

DAY = timedelta(days=1)
VALID = timedelta(hours=72)
BORDER = "21052"
"""The road from Quảng Nam comes in here: checkpoints lie between it and the commune."""


def without_required_test(builder: Builder) -> None:
    for person, at, checkpoint in _on_the_way(builder):
        scanned = builder.scan(person, at, checkpoint, number=builder.number(person))
        builder.expect("health_test", scanned)
    for person, at, checkpoint in _on_the_way(builder):
        builder.health_test(person, "negative", at - DAY)
        builder.scan(person, at, checkpoint, number=builder.number(person))
        builder.near_miss()
    early, at = builder.next_person(), TESTED_FROM - MINUTE
    builder.declare(early, TESTED_FROM - 90 * MINUTE, TESTED_FROM - 60 * MINUTE, to=TESTED_COMMUNE)
    builder.scan(early, at, TESTED_CHECKPOINT, number=builder.number(early))
    builder.near_miss()


def result_too_old(builder: Builder) -> None:
    for too_old in (True, False):
        for person, at, checkpoint in _on_the_way(builder):
            builder.health_test(person, "negative", at - VALID + (-MINUTE if too_old else MINUTE))
            scanned = builder.scan(person, at, checkpoint, number=builder.number(person))
            builder.expect("health_test", scanned, flagged=too_old)


def tested_positive(builder: Builder) -> None:
    """Plants positive results: they count for the policy's days, or until a negative one."""
    for ago, then_negative, flagged in (
        (DAY, False, True),
        (timedelta(days=POSITIVE_DAYS) - MINUTE, False, True),
        (timedelta(days=POSITIVE_DAYS) + MINUTE, False, False),
        (DAY, True, False),
    ):
        person, departure = builder.next_person(), builder.daytime()
        builder.declare(person, departure - 30 * MINUTE, departure)
        at = departure + 10 * MINUTE
        builder.health_test(person, "positive", at - ago)
        if then_negative:
            builder.health_test(person, "negative", at - ago / 2)
        checkpoint = builder.passing(person).checkpoint
        scanned = builder.scan(person, at, checkpoint, number=builder.number(person))
        builder.expect("health_test", scanned, flagged=flagged)


def _on_the_way(builder: Builder) -> Iterator[tuple[Citizen, datetime, str]]:
    """Yields travellers at checkpoints: at the commune's own, on the way to it, and out of it."""
    for origin, to, checkpoint in (
        (BORDER, TESTED_COMMUNE, TESTED_CHECKPOINT),
        (BORDER, TESTED_COMMUNE, None),
        (TESTED_COMMUNE, BORDER, None),
    ):
        person = builder.next_person()
        departure = TESTED_FROM + builder.rng.randrange(5, 600) * MINUTE
        builder.declare(person, departure - 30 * MINUTE, departure, origin=origin, to=to)
        yield person, departure + 15 * MINUTE, checkpoint or builder.passing(person).checkpoint
