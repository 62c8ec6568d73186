"""One document under two names; the same name written otherwise must stay silent."""

from infra.tools.simulator.builder import MINUTE, Builder
from infra.tools.simulator.day import entry_id_of_declaration
from infra.tools.simulator.names import another_name, without_marks
from schemas.domain.documents import Document, DocumentKind


def two_names(builder: Builder) -> None:
    """The second name is also not the register's."""
    for another in (True, False):
        person, departure = builder.somebody(), builder.daytime()
        name = (
            another_name(builder.rng, person.full_name, person.sex)
            if another
            else without_marks(person.full_name).upper()
        )
        builder.declare(person, departure - 40 * MINUTE, departure, document=person.number)
        tag = builder.declare(
            person, departure - 20 * MINUTE, departure, document=person.number, name=name
        )
        if another:
            builder.plant(
                "two_names", builder.pseudonyms.document(Document(DocumentKind.CCCD, person.number))
            )
            builder.plant("identity_mismatch", entry_id_of_declaration(tag))
        else:
            builder.near_miss(tag)
