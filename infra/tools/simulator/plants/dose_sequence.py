"""A dose without the one before, twice, a day too soon, of a vaccine not to be mixed; the same record again, the first day that is allowed
and an allowed mix must stay silent."""

from datetime import timedelta

from infra.tools.simulator.builder import Builder
from infra.tools.simulator.day import FIRST_DAY
from infra.tools.simulator.policy import INTERVAL_LEAST_DAYS

DAY = timedelta(days=1)


def dose_missing_or_twice(builder: Builder) -> None:
    alone, twice, first = (
        builder.somebody(),
        builder.somebody(),
        FIRST_DAY - builder.rng.randrange(40, 150) * DAY,
    )
    builder.plant("dose_sequence", builder.dose(alone, 2, first))
    builder.dose(twice, 1, first)
    builder.near_miss(builder.dose(twice, 1, first))
    builder.plant("dose_sequence", builder.dose(twice, 1, first + DAY))


def dose_too_soon(builder: Builder) -> None:
    for days, planted in ((INTERVAL_LEAST_DAYS - 1, True), (INTERVAL_LEAST_DAYS, False)):
        person, first = builder.somebody(), FIRST_DAY - builder.rng.randrange(40, 150) * DAY
        builder.dose(person, 1, first)
        second = builder.dose(person, 2, first + days * DAY)
        builder.plant("dose_sequence", second) if planted else builder.near_miss(second)


def doses_mixed(builder: Builder) -> None:
    for product, planted in (("Vero Cell", True), ("Pfizer", False), ("ASTRAZENECA", False)):
        person, first = builder.somebody(), FIRST_DAY - builder.rng.randrange(60, 150) * DAY
        builder.dose(person, 1, first, product="AstraZeneca")
        second = builder.dose(person, 2, first + 42 * DAY, product=product)
        builder.plant("dose_sequence", second) if planted else builder.near_miss(second)
