"""A code that somebody else has sent, held against the card.

A traveller's own code beside another own document must stay silent.
"""

from infra.tools.simulator.builder import MINUTE, Builder


def code_of_another(builder: Builder) -> None:
    owner, borrower = builder.next_person(), builder.next_person()
    departure = builder.daytime()
    code = builder.declare(owner, departure - 30 * MINUTE, departure, code_wanted=True)
    builder.declare(borrower, departure - 20 * MINUTE, departure)
    other_document = owner.cmnd or owner.number
    for person, checked in ((borrower, builder.number(borrower)), (owner, other_document)):
        passing = builder.passing(person)
        at = departure + passing.after
        scanned = builder.scan(person, at, passing.checkpoint, token_of=code, checked=checked)
        builder.expect("code_of_another", scanned, flagged=person is borrower)
