"""Travellers whom the register does not know."""

from infra.tools.simulator.builder import MINUTE, Builder
from schemas.domain.documents import Document, DocumentKind


def unknown_document(builder: Builder) -> None:
    stranger, departure = builder.next_stranger(), builder.daytime()
    builder.declare(stranger, departure - 20 * MINUTE, departure, document=stranger.number)
    passed = builder.passing(stranger)
    builder.scan(stranger, departure + passed.after, passed.checkpoint, number=stranger.number)
    document = builder.pseudonyms.document(Document(DocumentKind.CCCD, stranger.number))
    builder.expect("unknown_document", document)
