"""Scanned a minute after a sample that turns out positive hours later, which is planted, and a minute before, which must stay silent."""

from datetime import timedelta

from infra.tools.simulator.builder import MINUTE, Builder


def case_at_post(builder: Builder) -> None:
    for after in (True, False):
        person, sampled = builder.somebody(), builder.daytime()
        builder.declare(person, sampled - 40 * MINUTE, sampled - 20 * MINUTE)
        post = builder.passing(person).post
        scanned = builder.scan(
            person, sampled + (MINUTE if after else -MINUTE), post, number=builder.number(person)
        )
        builder.case(person, sampled, sampled + timedelta(hours=3))
        builder.plant("case_at_post", scanned) if after else builder.near_miss(scanned)
