"""A dose under another name, a second one before the first; one that is after it must stay silent."""

from datetime import timedelta

from infra.tools.simulator.builder import Builder
from infra.tools.simulator.day import FIRST_DAY
from infra.tools.simulator.names import another_name


def dose_of_another_name(builder: Builder) -> None:
    person, day = builder.somebody(), FIRST_DAY - timedelta(days=builder.rng.randrange(40, 150))
    builder.plant(
        "vaccination_mismatch",
        builder.dose(person, 1, day, name=another_name(builder.rng, person.full_name, person.sex)),
    )


def doses_out_of_order(builder: Builder) -> None:
    person, day = builder.somebody(), FIRST_DAY - timedelta(days=builder.rng.randrange(40, 90))
    builder.dose(person, 1, day)
    builder.plant("vaccination_mismatch", builder.dose(person, 2, day - timedelta(days=30)))
    other = builder.somebody()
    builder.dose(other, 1, day)
    builder.near_miss(builder.dose(other, 2, day + timedelta(days=21)))
