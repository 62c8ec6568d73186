"""A dose under another name, a second one before the first; one after it must stay silent."""

from datetime import timedelta

from infra.tools.simulator.builder import Builder
from infra.tools.simulator.day import FIRST_DAY
from infra.tools.simulator.names import another_name


def dose_of_another_name(builder: Builder) -> None:
    person, day = builder.next_person(), FIRST_DAY - timedelta(days=builder.rng.randrange(40, 150))
    name = another_name(builder.rng, person.full_name, person.sex)
    builder.expect("vaccination_mismatch", builder.dose(person, 1, day, name=name))


def doses_out_of_order(builder: Builder) -> None:
    person, day = builder.next_person(), FIRST_DAY - timedelta(days=builder.rng.randrange(40, 90))
    builder.dose(person, 1, day)
    second = builder.dose(person, 2, day - timedelta(days=30))
    builder.expect("vaccination_mismatch", second)
    other = builder.next_person()
    builder.dose(other, 1, day)
    builder.dose(other, 2, day + timedelta(days=21))
    builder.near_miss()
