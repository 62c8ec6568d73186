"""A traveller who never declared, and one a minute too late; a minute before the end must stay silent."""

from datetime import timedelta

from infra.tools.simulator.builder import MINUTE, Builder
from infra.tools.simulator.day import instant


def never_declared(builder: Builder) -> None:
    person = builder.somebody()
    builder.plant(
        "no_valid_declaration",
        builder.scan(person, builder.daytime(), builder.any_post(), number=builder.number(person)),
    )


def declared_too_long_ago(builder: Builder) -> None:
    for too_late, person in ((True, builder.somebody()), (False, builder.somebody())):
        at = builder.daytime()
        declared = at - timedelta(hours=72) + (-MINUTE if too_late else MINUTE)
        builder.declare(person, declared, at - 30 * MINUTE, reaches=instant(0, 0))
        scanned = builder.scan(
            person, at, builder.passing(person).post, number=builder.number(person)
        )
        builder.plant("no_valid_declaration", scanned) if too_late else builder.near_miss(scanned)
