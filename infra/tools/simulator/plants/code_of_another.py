"""A code that somebody else has sent, held against the card; ones own code beside ones other document must stay silent."""

from infra.tools.simulator.builder import MINUTE, Builder


def code_of_another(builder: Builder) -> None:
    owner, person = builder.somebody(), builder.somebody()
    departure = builder.daytime()
    code = builder.declare(owner, departure - 30 * MINUTE, departure, code_wanted=True)
    builder.declare(person, departure - 20 * MINUTE, departure)
    passing = builder.passing(person)
    scanned = builder.scan(
        person,
        departure + passing.after,
        passing.post,
        token_of=code,
        checked=builder.number(person),
    )
    builder.plant("code_of_another", scanned)
    passing = builder.passing(owner)
    builder.near_miss(
        builder.scan(
            owner,
            departure + passing.after,
            passing.post,
            token_of=code,
            checked=owner.cmnd or owner.number,
        )
    )
