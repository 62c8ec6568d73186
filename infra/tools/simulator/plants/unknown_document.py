"""Travellers whom the register does not know.

A traveller whom it knows by an older card must stay silent.
"""

from infra.tools.simulator.builder import MINUTE, Builder
from infra.tools.simulator.citizens import Citizen
from schemas.domain.documents import Document, DocumentKind


def unknown_document(builder: Builder) -> None:
    stranger = builder.next_stranger()
    _travel(builder, stranger, stranger.number)
    document = builder.pseudonyms.document(Document(DocumentKind.CCCD, stranger.number))
    builder.expect("unknown_document", document)
    known = builder.next_person()
    _travel(builder, known, known.cmnd or known.number)
    builder.near_miss()


def _travel(builder: Builder, traveller: Citizen, number: str) -> None:
    departure = builder.daytime()
    builder.declare(traveller, departure - 20 * MINUTE, departure, document=number)
    passed = builder.passing(traveller)
    builder.scan(traveller, departure + passed.after, passed.checkpoint, number=number)
