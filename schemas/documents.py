from dataclasses import dataclass
from enum import StrEnum


class DocumentKind(StrEnum):
    CCCD = "cccd"
    CMND = "cmnd"
    BHYT = "bhyt"
    PASSPORT = "passport"
    PAPER_FORM = "paper_form"


@dataclass(frozen=True, slots=True)
class Document:
    kind: DocumentKind
    number: str
