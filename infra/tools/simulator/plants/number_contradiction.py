"""A number that the register does not know and whose digits are of somebody else; of the same sex and year it must stay silent."""

from infra.tools.simulator.builder import MINUTE, Builder
from infra.tools.simulator.day import entry_id_of_declaration
from schemas.domain.documents import Document, DocumentKind


def number_of_somebody_else(builder: Builder) -> None:
    """Both are strangers to the register, and so raise that besides."""
    for other_sex in (True, False):
        stranger, departure = builder.strangers.pop(), builder.daytime()
        sex = {"male": "female", "female": "male"}[stranger.sex] if other_sex else stranger.sex
        tag = builder.declare(
            stranger, departure - 20 * MINUTE, departure, document=stranger.number, sex=sex
        )
        builder.plant(
            "unknown_document",
            builder.pseudonyms.document(Document(DocumentKind.CCCD, stranger.number)),
        )
        if other_sex:
            builder.plant("number_contradiction", entry_id_of_declaration(tag))
        else:
            builder.near_miss(tag)
