"""The code of a declaration that was replaced or taken back a minute ago.

A minute before that it must stay silent.
"""

from infra.tools.simulator.builder import MINUTE, Builder
from infra.tools.simulator.day import declaration_id


def code_of_superseded_declaration(builder: Builder) -> None:
    for too_late in (True, False):
        person, departure = builder.next_person(), builder.daytime()
        to = builder.ways.destination(builder.rng, person.home_code)
        replaced = departure - 20 * MINUTE
        first = builder.declare(person, departure - 40 * MINUTE, departure, to=to, code_wanted=True)
        builder.declare(person, replaced, departure, to=to, replaces=declaration_id(first))
        at = replaced + (MINUTE if too_late else -MINUTE)
        scanned = builder.scan(person, at, builder.passing(person).checkpoint, token_of=first)
        builder.expect("code_not_in_force", scanned, flagged=too_late)


def code_of_cancelled_declaration(builder: Builder) -> None:
    """Plants two flags: a traveller who took the only declaration back has no valid one either."""
    for too_late in (True, False):
        person, departure = builder.next_person(), builder.daytime()
        cancelled = departure - 20 * MINUTE
        tag = builder.declare(person, departure - 40 * MINUTE, departure, code_wanted=True)
        builder.cancel(tag, cancelled)
        at = cancelled + (MINUTE if too_late else -MINUTE)
        scanned = builder.scan(person, at, builder.passing(person).checkpoint, token_of=tag)
        builder.expect("code_not_in_force", scanned, flagged=too_late)
        if too_late:
            builder.expect("no_valid_declaration", scanned)
