"""Another name or birth date on a form or a card than in the register; a bare year for a date must stay silent."""

from infra.tools.simulator.builder import MINUTE, Builder, card_text
from infra.tools.simulator.day import entry_id_of_declaration
from infra.tools.simulator.names import another_name
from schemas.domain.documents import Document, DocumentKind


def wrong_name(builder: Builder) -> None:
    person, departure = builder.somebody(), builder.daytime()
    tag = builder.declare(
        person,
        departure - 20 * MINUTE,
        departure,
        name=another_name(builder.rng, person.full_name, person.sex),
    )
    builder.plant("identity_mismatch", entry_id_of_declaration(tag))
    passed = builder.passing(person)
    builder.scan(person, departure + passed.after, passed.post, number=builder.number(person))


def wrong_birth_date(builder: Builder) -> None:
    person, departure = builder.somebody(), builder.daytime()
    wrong = (
        f"{person.birth_date.year - 3}-{person.birth_date:%m-%d}"
        if person.birth_date.day < 29
        else str(person.birth_date.year - 3)
    )
    builder.plant(
        "identity_mismatch",
        entry_id_of_declaration(
            builder.declare(person, departure - 20 * MINUTE, departure, born=wrong)
        ),
    )
    other = builder.somebody()
    builder.near_miss(
        builder.declare(other, departure - 20 * MINUTE, departure, born=str(other.birth_date.year))
    )


def forged_card(builder: Builder) -> None:
    person, departure = builder.somebody(), builder.daytime()
    builder.declare(person, departure - 30 * MINUTE, departure, document=person.number)
    name = another_name(builder.rng, person.full_name, person.sex)
    passed = builder.passing(person)
    builder.plant(
        "identity_mismatch",
        builder.scan(person, departure + passed.after, passed.post, number=card_text(person, name)),
    )
    builder.plant(
        "two_names", builder.pseudonyms.document(Document(DocumentKind.CCCD, person.number))
    )
