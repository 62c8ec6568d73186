"""Another name or birth date on a form or a card than in the register.

A bare year for a date must stay silent.
"""

from infra.tools.simulator.builder import MINUTE, Builder
from infra.tools.simulator.cast import card_text
from infra.tools.simulator.citizens import Citizen
from infra.tools.simulator.day import entry_id_of_declaration
from infra.tools.simulator.names import another_name
from schemas.domain.documents import Document, DocumentKind


def wrong_name(builder: Builder) -> None:
    person, departure = builder.next_person(), builder.daytime()
    name = another_name(builder.rng, person.full_name, person.sex)
    tag = builder.declare(person, departure - 20 * MINUTE, departure, name=name)
    builder.expect("identity_mismatch", entry_id_of_declaration(tag))
    passed = builder.passing(person)
    builder.scan(person, departure + passed.after, passed.checkpoint, number=builder.number(person))


def wrong_birth_date(builder: Builder) -> None:
    departure = builder.daytime()
    declared = departure - 20 * MINUTE
    person = builder.next_person()
    tag = builder.declare(person, declared, departure, born=_three_years_older(person))
    builder.expect("identity_mismatch", entry_id_of_declaration(tag))
    other = builder.next_person()
    builder.declare(other, declared, departure, born=str(other.birth_date.year))
    builder.near_miss()


def forged_card(builder: Builder) -> None:
    person, departure = builder.next_person(), builder.daytime()
    builder.declare(person, departure - 30 * MINUTE, departure, document=person.number)
    card = card_text(person, another_name(builder.rng, person.full_name, person.sex))
    passed = builder.passing(person)
    scanned = builder.scan(person, departure + passed.after, passed.checkpoint, number=card)
    builder.expect("identity_mismatch", scanned)
    document = builder.pseudonyms.document(Document(DocumentKind.CCCD, person.number))
    builder.expect("two_names", document)


def _three_years_older(person: Citizen) -> str:
    """Returns a date, or a bare year where the day may not exist three years earlier."""
    year, born = person.birth_date.year - 3, person.birth_date
    return f"{year}-{born:%m-%d}" if born.day < 29 else str(year)
