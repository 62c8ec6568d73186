"""Identity documents as values, and typed numbers read into them."""

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from schemas.contract.errors import UnreadableDocument
from schemas.domain.documents.paper_serial import read_paper_serial


class DocumentKind(StrEnum):
    """The kind of an identity document.

    `cccd`: citizen identity card (căn cước công dân). `cmnd`: the old card (chứng minh nhân dân).
    `bhyt`: health insurance. `paper_form`: serial of a declaration filled in on paper, which stands
    for its writer until it is keyed.
    """

    CCCD = "cccd"
    CMND = "cmnd"
    BHYT = "bhyt"
    PASSPORT = "passport"
    PAPER_FORM = "paper_form"


@dataclass(frozen=True, slots=True)
class Document:
    """A document; its `number` is in canonical form: ASCII capitals and digits, no separators."""

    kind: DocumentKind
    number: str


MAX_TEXT_LENGTH = 200
"""Longer texts are refused, spaces counted: readings are cached, and must not fill the memory."""
SEPARATORS = re.compile(r"[\s.\-_/–—]+")
SHAPES = {
    DocumentKind.CCCD: re.compile(r"[0-9]{12}"),
    DocumentKind.CMND: re.compile(r"[0-9]{9}"),
    DocumentKind.BHYT: re.compile(r"[A-Z]{2}[0-9]{13}|[0-9]{10}"),
    DocumentKind.PASSPORT: re.compile(r"[A-Z]{1,2}[0-9]{6,8}"),
}
EXPECTED = {
    DocumentKind.CCCD: "12 digits",
    DocumentKind.CMND: "9 digits",
    DocumentKind.BHYT: "2 letters and 13 digits, or 10 digits",
    DocumentKind.PASSPORT: "1 or 2 letters and 6 to 8 digits",
}


def parse_document(kind: DocumentKind | None, text: str) -> Document:
    """Returns the document of a number as it was typed. Raises `UnreadableDocument`.

    Spaces, dots, dashes, full-width digits and lower case do not matter. Without a `kind`, the kind
    is recognised. A CMND of 12 digits is the number of the later CCCD, and is read as one.
    """
    if len(text) > MAX_TEXT_LENGTH:
        raise UnreadableDocument(f"a number has no more than {MAX_TEXT_LENGTH} characters")
    return _parse(kind, text)


@lru_cache(maxsize=10_000)
def _parse(kind: DocumentKind | None, text: str) -> Document:
    number = SEPARATORS.sub("", unicodedata.normalize("NFKC", text)).upper()
    if not number:
        raise UnreadableDocument("the number is empty")
    if kind is DocumentKind.PAPER_FORM or (kind is None and number.startswith("PF")):
        return Document(DocumentKind.PAPER_FORM, read_paper_serial(number))
    if kind is DocumentKind.CMND and SHAPES[DocumentKind.CCCD].fullmatch(number):
        kind = DocumentKind.CCCD
    candidates = [kind] if kind else list(SHAPES)
    fitting = [candidate for candidate in candidates if SHAPES[candidate].fullmatch(number)]
    if not fitting:
        raise UnreadableDocument(_what_is_wrong(kind, number))
    return Document(fitting[0], number)


def _what_is_wrong(kind: DocumentKind | None, number: str) -> str:
    is_digits = number.isascii() and number.isdigit()
    if is_digits and kind in (None, DocumentKind.CCCD, DocumentKind.CMND):
        return f"{len(number)} digits: a CCCD has 12, a CMND has 9"
    if kind is None:
        return "not the number of a CCCD (12 digits), a CMND (9 digits), a BHYT card or a passport"
    return f"a {kind.value.upper()} number has {EXPECTED[kind]}"
