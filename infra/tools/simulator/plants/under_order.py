"""A scan in the last minute of a home isolation; a minute later must stay silent."""

from datetime import timedelta

from infra.tools.simulator.builder import MINUTE, Builder


def under_order(builder: Builder) -> None:
    for still in (True, False):
        person, ends = builder.next_person(), builder.daytime()
        builder.order(person, ends - timedelta(hours=5), ends)
        builder.declare(person, ends - 40 * MINUTE, ends - 20 * MINUTE)
        checkpoint, at = builder.passing(person).checkpoint, ends - MINUTE if still else ends
        scanned = builder.scan(person, at, checkpoint, number=builder.number(person))
        builder.expect("under_order", scanned, flagged=still)
