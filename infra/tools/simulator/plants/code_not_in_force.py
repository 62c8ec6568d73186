"""The code of a declaration that was replaced or taken back a minute ago; a minute before that it must stay silent."""

from infra.tools.simulator.builder import MINUTE, Builder
from infra.tools.simulator.day import declaration_id


def code_of_superseded_declaration(builder: Builder) -> None:
    for too_late in (True, False):
        person, departure = builder.somebody(), builder.daytime()
        to = builder.ways.destination(builder.rng, person.home_code)
        first = builder.declare(person, departure - 40 * MINUTE, departure, to=to, code_wanted=True)
        builder.declare(
            person, departure - 20 * MINUTE, departure, to=to, replaces=declaration_id(first)
        )
        at = departure - 20 * MINUTE + (MINUTE if too_late else -MINUTE)
        scanned = builder.scan(person, at, builder.passing(person).post, token_of=first)
        builder.plant("code_not_in_force", scanned) if too_late else builder.near_miss(scanned)


def code_of_cancelled_declaration(builder: Builder) -> None:
    """Whoever has taken the only declaration back has none either."""
    for too_late in (True, False):
        person, departure = builder.somebody(), builder.daytime()
        tag = builder.declare(person, departure - 40 * MINUTE, departure, code_wanted=True)
        builder.cancel(tag, departure - 20 * MINUTE)
        at = departure - 20 * MINUTE + (MINUTE if too_late else -MINUTE)
        scanned = builder.scan(person, at, builder.passing(person).post, token_of=tag)
        if too_late:
            builder.plant("code_not_in_force", scanned)
            builder.plant("no_valid_declaration", scanned)
        else:
            builder.near_miss(scanned)
