"""Holds the record `HeldDocument`, which is generated from its Avro schema."""

import msgspec

from schemas.contract.terms import DocumentKind


class HeldDocument(msgspec.Struct, frozen=True, gc=False):
    """A document that a person of the population register holds."""

    kind: DocumentKind
    number: str
