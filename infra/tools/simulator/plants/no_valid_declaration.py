"""A traveller who never declared, and one a minute too late.

A minute before the declaration's end must stay silent.
"""

from datetime import timedelta

from infra.tools.simulator.builder import MINUTE, Builder
from infra.tools.simulator.day import instant

VALID = timedelta(hours=72)


def never_declared(builder: Builder) -> None:
    person, at = builder.next_person(), builder.daytime()
    scanned = builder.scan(person, at, builder.any_checkpoint(), number=builder.number(person))
    builder.expect("no_valid_declaration", scanned)


def declared_too_long_ago(builder: Builder) -> None:
    for too_late in (True, False):
        person, at = builder.next_person(), builder.daytime()
        declared = at - VALID + (-MINUTE if too_late else MINUTE)
        builder.declare(person, declared, at - 30 * MINUTE, reaches=instant(0, 0))
        checkpoint = builder.passing(person).checkpoint
        scanned = builder.scan(person, at, checkpoint, number=builder.number(person))
        builder.expect("no_valid_declaration", scanned, flagged=too_late)
