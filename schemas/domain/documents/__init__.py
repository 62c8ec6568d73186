"""Reads every number, card code and serial of an identity document that people show."""

from schemas.domain.documents.birth_date import parse_birth_date
from schemas.domain.documents.cccd import CccdFacts, Contradiction, cccd_facts, contradictions
from schemas.domain.documents.document import Document, DocumentKind, parse_document
from schemas.domain.documents.paper_serial import paper_serial
from schemas.domain.documents.presented import (
    TOKEN_PREFIX,
    BhytQr,
    CardQr,
    HealthCertificate,
    OurToken,
    PaperSerial,
    Presented,
    TypedNumber,
    Unrecognised,
    classify_presented,
)

__all__ = [
    "TOKEN_PREFIX",
    "BhytQr",
    "CardQr",
    "CccdFacts",
    "Contradiction",
    "Document",
    "DocumentKind",
    "HealthCertificate",
    "OurToken",
    "PaperSerial",
    "Presented",
    "TypedNumber",
    "Unrecognised",
    "cccd_facts",
    "classify_presented",
    "contradictions",
    "paper_serial",
    "parse_birth_date",
    "parse_document",
]
