"""From what a traveller showed to the facts of a scan, or a clear answer what it was instead."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from api.certificates import certificate_alone
from api.problems import FieldFault, Problem, invalid
from schemas.documents import (
    BhytQr,
    CardQr,
    Document,
    HealthCertificate,
    OurToken,
    PaperSerial,
    Text,
    TypedNumber,
    Unrecognised,
    classify_shown,
)
from schemas.errors import TokenError, TokenExpired
from schemas.ids import Pseudonyms
from schemas.terms import ShownKind
from schemas.tokens import TokenClaims, read_token
from schemas.trust import TrustListAsOf

FORGED = Text("Mã khai báo không hợp lệ: {}.", "The declaration's code cannot be trusted: {}.")


@dataclass(frozen=True, slots=True)
class Recognised:
    """`facts`: the fields of `CheckpointScanned` that what was shown decides."""

    shown_kind: ShownKind
    facts: Mapping[str, Any]
    token_expired: bool | None = None


def recognise(text: str, pseudonyms: Pseudonyms, keys: Mapping[bytes, Ed25519PublicKey], trust: TrustListAsOf, at: datetime) -> Recognised:
    """`at`: the time of the scan, by which a code's age is judged. An expired code still says whose it is, and is taken. Raises
    `Problem` for anything that leads to nobody."""
    match classify_shown(text):
        case OurToken(text=token):
            return _token(token, keys, at)
        case CardQr() as card:
            facts = _document(card.document, pseudonyms) | _holder(card)
            return Recognised("card_qr", facts | (_linked(card.cmnd, pseudonyms) if card.cmnd else {}))
        case BhytQr() as card:
            return Recognised("bhyt_qr", _document(card.document, pseudonyms) | _holder(card))
        case TypedNumber(document=document):
            return Recognised("typed_number", _document(document, pseudonyms))
        case PaperSerial(document=document):
            return Recognised("paper_serial", _document(document, pseudonyms))
        case HealthCertificate(text=certificate):
            raise certificate_alone(certificate, trust, at)
        case Unrecognised(reason=reason):
            raise _not_usable("unrecognised", reason)


def _token(token: str, keys: Mapping[bytes, Ed25519PublicKey], at: datetime) -> Recognised:
    try:
        claims, expired = read_token(token, keys, at), False
    except TokenExpired as old:
        assert isinstance(old.claims, TokenClaims)
        claims, expired = old.claims, True
    except TokenError as error:
        raise _not_usable("token-refused", Text(FORGED.vi.format(error), FORGED.en.format(error))) from None
    return Recognised("token", {"document_key": claims.document_key, "declaration_id": claims.declaration_id}, expired)


def _document(document: Document, pseudonyms: Pseudonyms) -> dict[str, Any]:
    return {"document_key": pseudonyms.document(document), "document_kind": document.kind.value, "document_number": document.number}


def _holder(card: CardQr | BhytQr) -> dict[str, Any]:
    return {"full_name": card.full_name, "birth_date": card.birth_date, "sex": card.sex}


def _linked(document: Document, pseudonyms: Pseudonyms) -> dict[str, Any]:
    return {"linked_kind": document.kind.value, "linked_number": document.number, "linked_key": pseudonyms.document(document)}


def _not_usable(what: str, text: Text) -> Problem:
    return invalid([FieldFault(field="shown", reason=text.en)], shown_was=what, detail_vi=text.vi)
