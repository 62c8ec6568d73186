"""No test where one is asked for, a result a minute too old, a positive one; a minute before, a negative one after it, and a place where
none is asked for yet must stay silent."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from infra.tools.simulator.builder import MINUTE, Builder
from infra.tools.simulator.citizens import Citizen
from infra.tools.simulator.day import TESTED_COMMUNE, TESTED_FROM, TESTED_POST
from infra.tools.simulator.policy import POSITIVE_DAYS

DAY = timedelta(days=1)
VALID = timedelta(hours=72)
BORDER = "21052"
"""Where the road from Quảng Nam comes in: posts lie between it and the commune."""


def asked_for_a_test(builder: Builder) -> None:
    for person, at, post in _on_the_way(builder):
        builder.plant("health_test", builder.scan(person, at, post, number=builder.number(person)))
    for person, at, post in _on_the_way(builder):
        builder.test(person, "negative", at - DAY)
        builder.near_miss(builder.scan(person, at, post, number=builder.number(person)))
    early = builder.somebody()
    builder.declare(early, TESTED_FROM - 90 * MINUTE, TESTED_FROM - 60 * MINUTE, to=TESTED_COMMUNE)
    builder.near_miss(
        builder.scan(early, TESTED_FROM - MINUTE, TESTED_POST, number=builder.number(early))
    )


def result_too_old(builder: Builder) -> None:
    for too_old in (True, False):
        for person, at, post in _on_the_way(builder):
            builder.test(person, "negative", at - VALID + (-MINUTE if too_old else MINUTE))
            scanned = builder.scan(person, at, post, number=builder.number(person))
            builder.plant("health_test", scanned) if too_old else builder.near_miss(scanned)


def tested_positive(builder: Builder) -> None:
    """Told wherever they are met, for the days of the policy, unless a later result is negative."""
    for ago, then_negative, planted in (
        (DAY, False, True),
        (timedelta(days=POSITIVE_DAYS) - MINUTE, False, True),
        (timedelta(days=POSITIVE_DAYS) + MINUTE, False, False),
        (DAY, True, False),
    ):
        person, departure = builder.somebody(), builder.daytime()
        builder.declare(person, departure - 30 * MINUTE, departure)
        at = departure + 10 * MINUTE
        builder.test(person, "positive", at - ago)
        if then_negative:
            builder.test(person, "negative", at - ago / 2)
        scanned = builder.scan(
            person, at, builder.passing(person).post, number=builder.number(person)
        )
        builder.plant("health_test", scanned) if planted else builder.near_miss(scanned)


def _on_the_way(builder: Builder) -> Iterator[tuple[Citizen, datetime, str]]:
    """Somebody bound for the commune at its post, and somebody at another post: into it, and out of it."""
    for origin, to, post in (
        (BORDER, TESTED_COMMUNE, TESTED_POST),
        (BORDER, TESTED_COMMUNE, None),
        (TESTED_COMMUNE, BORDER, None),
    ):
        person, departure = builder.somebody(), TESTED_FROM + builder.rng.randrange(5, 600) * MINUTE
        builder.declare(person, departure - 30 * MINUTE, departure, origin=origin, to=to)
        yield person, departure + 15 * MINUTE, post or builder.passing(person).post
