"""Met at a post in the last minute of a home isolation, which is planted, and a minute later, which must stay silent."""

from datetime import timedelta

from infra.tools.simulator.builder import MINUTE, Builder


def under_order(builder: Builder) -> None:
    for still in (True, False):
        person, ends = builder.somebody(), builder.daytime()
        builder.order(person, ends - timedelta(hours=5), ends)
        builder.declare(person, ends - 40 * MINUTE, ends - 20 * MINUTE)
        post = builder.passing(person).post
        scanned = builder.scan(
            person, ends - MINUTE if still else ends, post, number=builder.number(person)
        )
        builder.plant("under_order", scanned) if still else builder.near_miss(scanned)
