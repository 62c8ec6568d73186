"""A scan a minute after a sample that turns out positive hours later; a minute before is silent."""

from datetime import timedelta

from infra.tools.simulator.builder import MINUTE, Builder


def case_at_post(builder: Builder) -> None:
    for after_sample in (True, False):
        person, sampled = builder.next_person(), builder.daytime()
        builder.declare(person, sampled - 40 * MINUTE, sampled - 20 * MINUTE)
        checkpoint = builder.passing(person).checkpoint
        at = sampled + (MINUTE if after_sample else -MINUTE)
        scanned = builder.scan(person, at, checkpoint, number=builder.number(person))
        builder.case(person, sampled, sampled + timedelta(hours=3))
        builder.expect("case_at_post", scanned, flagged=after_sample)
