"""A number that the register does not know and whose digits are of somebody else.

Where sex and year fit the digits, it must stay silent.
"""

from infra.tools.simulator.builder import MINUTE, Builder
from infra.tools.simulator.day import entry_id_of_declaration
from schemas.domain.documents import Document, DocumentKind

OTHER_SEX = {"male": "female", "female": "male"}


def number_of_somebody_else(builder: Builder) -> None:
    """Plants two flags: strangers to the register raise `unknown_document`, too."""
    for contradicts in (True, False):
        stranger, departure = builder.next_stranger(), builder.daytime()
        number, declared = stranger.number, departure - 20 * MINUTE
        sex = OTHER_SEX[stranger.sex] if contradicts else stranger.sex
        tag = builder.declare(stranger, declared, departure, document=number, sex=sex)
        document = builder.pseudonyms.document(Document(DocumentKind.CCCD, number))
        builder.expect("unknown_document", document)
        entry_id = entry_id_of_declaration(tag)
        builder.expect("number_contradiction", entry_id, flagged=contradicts)
