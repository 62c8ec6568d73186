"""Texts that travellers present become the facts of a scan, or a clear answer what they were."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from api.backends.keys import Keys
from api.border.certificates import certificate_alone
from api.http.problems import FieldFault, Problem, invalid
from schemas.contract.errors import (
    TokenError,
    TokenExpired,
    TokenKeyRevoked,
    TokenKeyUnknown,
    TokenSignatureWrong,
    TokenUnreadable,
)
from schemas.contract.terms import CodeFault, ShownKind
from schemas.domain.documents import (
    BhytQr,
    CardQr,
    Document,
    HealthCertificate,
    OurToken,
    PaperSerial,
    TypedNumber,
    Unrecognised,
    classify_presented,
)
from schemas.domain.pseudonyms import Pseudonyms
from schemas.domain.reasons import REASON_OF_FAULT, REASONS
from schemas.domain.texts import Text
from schemas.domain.tokens import TokenClaims, read_token
from schemas.domain.trust import TrustListAsOf

FORGED = Text(
    "{} Hãy kiểm tra CMND/CCCD của người này và gửi kèm ở trường checked.",
    "{} Check the traveller's CMND/CCCD, and send it as `checked` beside the code.",
)
NO_CODE_BESIDE = Text(
    "Chỉ kiểm tra giấy tờ kèm theo khi người đi đường đưa mã khai báo; "
    "nếu không, hãy gửi giấy tờ ở trường shown.",
    "a document is checked beside the declaration's code only; "
    "where none is shown, send the document as `shown`",
)
FAULTS: Mapping[type[TokenError], CodeFault] = {
    TokenUnreadable: "unreadable",
    TokenKeyUnknown: "key_unknown",
    TokenKeyRevoked: "key_revoked",
    TokenSignatureWrong: "signature_wrong",
}


@dataclass(frozen=True, slots=True)
class Recognised:
    """A presented text that leads to a document."""

    shown_kind: ShownKind
    facts: dict[str, Any]
    """The fields of `CheckpointScanned` that what was presented decides."""
    token_expired: bool | None = None


def recognise(
    text: str, pseudonyms: Pseudonyms, keys: Keys, trust: TrustListAsOf, at: datetime
) -> Recognised:
    """Reads one text; `at` is the time of the scan, by which a code's age is judged.

    An expired code still says whose it is, and is taken. Raises `Problem` for anything that leads
    to nobody.
    """
    match classify_presented(text):
        case OurToken(text=token):
            return _token(token, keys, at)
        case CardQr() as card:
            facts = _document(card.document, pseudonyms) | _holder(card)
            if card.cmnd:
                facts |= _linked(card.cmnd, pseudonyms)
            return Recognised("card_qr", facts)
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


def recognise_with_document(
    text: str, checked: str, pseudonyms: Pseudonyms, keys: Keys, trust: TrustListAsOf, at: datetime
) -> Recognised:
    """Reads our code, and the card or number that was checked beside it.

    Whoever holds the document was there, and the code is what they claim, trusted or not. Raises
    `Problem` where either is something else.
    """
    shown = classify_presented(text)
    if not isinstance(shown, OurToken):
        fault = FieldFault(field="checked", reason=NO_CODE_BESIDE.en)
        raise invalid([fault], detail_vi=NO_CODE_BESIDE.vi)
    try:
        document = recognise(checked, pseudonyms, keys, trust, at)
    except Problem as problem:
        raise problem.about("checked") from None
    if document.shown_kind == "token":
        reason = "it is a code of ours: check the card or its number"
        raise invalid([FieldFault(field="checked", reason=reason)])
    try:
        claims, expired = _claims(shown.text, keys, at)
    except TokenError as error:
        return Recognised("token", document.facts | {"code_fault": FAULTS[type(error)]})
    code = {"declaration_id": claims.declaration_id, "code_key": claims.document_key}
    return Recognised("token", document.facts | code, expired)


def _token(token: str, keys: Keys, at: datetime) -> Recognised:
    try:
        claims, expired = _claims(token, keys, at)
    except TokenError as error:
        reason = REASONS[REASON_OF_FAULT[FAULTS[type(error)]]]
        refusal = Text(FORGED.vi.format(reason.vi), FORGED.en.format(reason.en))
        raise _not_usable("token-refused", refusal) from None
    facts = {"document_key": claims.document_key, "declaration_id": claims.declaration_id}
    return Recognised("token", facts, expired)


def _claims(token: str, keys: Keys, at: datetime) -> tuple[TokenClaims, bool]:
    """Returns what a code of ours states, and whether it has expired. Raises `TokenError`."""
    try:
        return read_token(token, keys.verifying, at, keys.revoked), False
    except TokenExpired as old:
        assert isinstance(old.claims, TokenClaims)
        return old.claims, True


def _document(document: Document, pseudonyms: Pseudonyms) -> dict[str, Any]:
    return {
        "document_key": pseudonyms.document(document),
        "document_kind": document.kind.value,
        "document_number": document.number,
    }


def _holder(card: CardQr | BhytQr) -> dict[str, Any]:
    return {"full_name": card.full_name, "birth_date": card.birth_date, "sex": card.sex}


def _linked(document: Document, pseudonyms: Pseudonyms) -> dict[str, Any]:
    return {
        "linked_kind": document.kind.value,
        "linked_number": document.number,
        "linked_key": pseudonyms.document(document),
    }


def _not_usable(what: str, text: Text) -> Problem:
    return invalid([FieldFault(field="shown", reason=text.en)], shown_was=what, detail_vi=text.vi)
