"""A dose without the one before, twice, a day too soon, or of a vaccine not to be mixed.

The same record again, the first day that is allowed and an allowed mix must stay silent.
"""

from datetime import timedelta

from infra.tools.simulator.builder import Builder
from infra.tools.simulator.day import FIRST_DAY
from infra.tools.simulator.policy import MIN_INTERVAL_DAYS

DAY = timedelta(days=1)


def dose_missing_or_twice(builder: Builder) -> None:
    alone, twice = builder.next_person(), builder.next_person()
    first = FIRST_DAY - builder.rng.randrange(40, 150) * DAY
    builder.expect("dose_sequence", builder.dose(alone, 2, first))
    builder.dose(twice, 1, first)
    builder.dose(twice, 1, first)
    builder.near_miss()
    builder.expect("dose_sequence", builder.dose(twice, 1, first + DAY))


def dose_too_soon(builder: Builder) -> None:
    for days, too_soon in ((MIN_INTERVAL_DAYS - 1, True), (MIN_INTERVAL_DAYS, False)):
        person, first = builder.next_person(), FIRST_DAY - builder.rng.randrange(40, 150) * DAY
        builder.dose(person, 1, first)
        second = builder.dose(person, 2, first + days * DAY)
        builder.expect("dose_sequence", second, flagged=too_soon)


def doses_mixed(builder: Builder) -> None:
    for product, forbidden in (("Vero Cell", True), ("Pfizer", False), ("ASTRAZENECA", False)):
        person, first = builder.next_person(), FIRST_DAY - builder.rng.randrange(60, 150) * DAY
        builder.dose(person, 1, first, product="AstraZeneca")
        second = builder.dose(person, 2, first + 42 * DAY, product=product)
        builder.expect("dose_sequence", second, flagged=forbidden)
