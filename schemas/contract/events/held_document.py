"""Holds the record `HeldDocument`, which is generated from its Avro schema."""

import msgspec

from schemas.contract.terms import DocumentKindSymbol


class HeldDocument(msgspec.Struct, frozen=True, gc=False):
    """A document that a person of the population register holds."""

    kind: DocumentKindSymbol
    number: str
