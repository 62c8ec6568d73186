"""One document under two names; the same name written otherwise must stay silent."""

from infra.tools.simulator.builder import MINUTE, Builder
from infra.tools.simulator.citizens import Citizen
from infra.tools.simulator.day import entry_id_of_declaration
from infra.tools.simulator.names import another_name, without_marks
from schemas.domain.documents import Document, DocumentKind


def two_names(builder: Builder) -> None:
    """Plants two flags: the second name is not the register's, either."""
    person = builder.next_person()
    other_name = another_name(builder.rng, person.full_name, person.sex)
    tag = _declare_twice(builder, person, other_name)
    document = builder.pseudonyms.document(Document(DocumentKind.CCCD, person.number))
    builder.expect("two_names", document)
    builder.expect("identity_mismatch", entry_id_of_declaration(tag))
    person = builder.next_person()
    _declare_twice(builder, person, without_marks(person.full_name).upper())
    builder.near_miss()


def _declare_twice(builder: Builder, person: Citizen, second_name: str) -> str:
    """Returns the tag of the second declaration, which bears the second name."""
    departure = builder.daytime()
    first, second = departure - 40 * MINUTE, departure - 20 * MINUTE
    builder.declare(person, first, departure, document=person.number)
    return builder.declare(person, second, departure, document=person.number, name=second_name)
