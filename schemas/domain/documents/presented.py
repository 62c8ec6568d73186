"""Recognises what a traveller presents at a checkpoint.

It is our code, a card's code, a typed number, a form's serial, a health certificate, or something
else that gets a sentence of its own. Several kinds of code are lists split by `|`: a CCCD's, a
health insurance card's (with text in hexadecimal), and others. So the kind is recognised before
anything is parsed.
"""

import re
import unicodedata
from dataclasses import dataclass

from schemas.contract.errors import UnreadableDocument
from schemas.contract.terms import Sex
from schemas.domain.documents.birth_date import parse_birth_date
from schemas.domain.documents.document import Document, DocumentKind, parse_document
from schemas.domain.texts import Text

TOKEN_PREFIX = "DBD1:"  # noqa: S105 -- the mark our codes begin with, no secret
SEXES: dict[str, Sex] = {
    "nam": "male",
    "nữ": "female",
    "nu": "female",
    "male": "male",
    "female": "female",
    "1": "male",
    "2": "female",
}


@dataclass(frozen=True, slots=True)
class OurToken:
    text: str


@dataclass(frozen=True, slots=True)
class CardQr:
    """The code of a CCCD.

    `cmnd` is the holder's old number, which the card itself ties to the new one.
    """

    document: Document
    cmnd: Document | None
    full_name: str
    birth_date: str
    sex: Sex
    address: str
    issued_on: str | None


@dataclass(frozen=True, slots=True)
class BhytQr:
    document: Document
    full_name: str
    birth_date: str
    sex: Sex
    address: str


@dataclass(frozen=True, slots=True)
class TypedNumber:
    document: Document


@dataclass(frozen=True, slots=True)
class PaperSerial:
    document: Document


@dataclass(frozen=True, slots=True)
class HealthCertificate:
    """A vaccination certificate by the European standard (`HC1:`)."""

    text: str


@dataclass(frozen=True, slots=True)
class Unrecognised:
    reason: Text


Presented = (
    OurToken | CardQr | BhytQr | TypedNumber | PaperSerial | HealthCertificate | Unrecognised
)

EMPTY = Text("Không đọc được gì: mã trống.", "Nothing was read: the code is empty.")
LINK = Text(
    "Đây là đường dẫn trang mạng, không phải mã khai báo. Hãy mở mã QR nhận được sau khi khai báo.",
    "This is a web link, not a declaration code. Show the QR code received after declaring.",
)
CONTACT = Text(
    "Đây là danh thiếp, không phải mã khai báo hay giấy tờ tùy thân.",
    "This is a contact card, not a declaration or an identity card.",
)
OTHER_APP = Text(
    "Đây là mã của ứng dụng khác. Hãy mở mã khai báo di chuyển hoặc đưa thẻ CCCD.",
    "This is a code of another app. Show the movement declaration's code or the CCCD card.",
)
PAYMENT = Text(
    "Đây là mã thanh toán, không phải mã khai báo. Hãy mở mã khai báo di chuyển hoặc đưa thẻ CCCD.",
    "This is a payment code, not a declaration."
    " Show the movement declaration's code or the CCCD card.",
)
BACK_OF_CARD = Text(
    "Đây là dòng chữ ở mặt sau thẻ. Hãy quét mã QR ở mặt trước thẻ CCCD hoặc nhập số thẻ (12 số).",
    "These are the printed lines on the back of a card."
    " Scan the QR code on its front, or type its number (12 digits).",
)
NAME = Text(
    "Đây có vẻ là họ tên: không thể tra cứu theo họ tên."
    " Hãy quét mã khai báo hoặc thẻ CCCD, hoặc nhập số giấy tờ.",
    "This seems to be a name: people are not looked up by name."
    " Scan the declaration's code or the CCCD card, or type its number.",
)

FOREIGN: tuple[tuple[re.Pattern[str], Text], ...] = (
    (re.compile(r"$"), EMPTY),
    (re.compile(r"(?i)https?:|www\.|(?:[a-z0-9-]+\.)+[a-z]{2,}(?:/|$)"), LINK),
    (re.compile(r"(?i)BEGIN:VCARD|MECARD:"), CONTACT),
    (re.compile(r"[{\[]|(?i:wifi|tel|sms|smsto|mailto|geo):"), OTHER_APP),
    (re.compile(r"000201"), PAYMENT),
    (re.compile(r"(?i)I[DP]?VNM"), BACK_OF_CARD),
    (re.compile(r"[^\W\d_]+(?:[\s.'’-]+[^\W\d_]+)+\.?$"), NAME),
)
"""Patterns for the begin of what is no code of ours or of a card, each with its sentence."""


def classify_presented(text: str) -> Presented:
    """Returns what was presented. Never raises.

    What cannot be read is `Unrecognised`, with a sentence on what it seems to be and what to do.
    """
    code = unicodedata.normalize("NFC", text).strip("\ufeff \t\r\n\x00")
    if code.upper().startswith(TOKEN_PREFIX):
        return OurToken(code)
    if code.upper().startswith("HC1:"):
        return HealthCertificate(code)
    for pattern, reason in FOREIGN:
        if pattern.match(code):
            return Unrecognised(reason)
    try:
        return _card(code.split("|")) if "|" in code else _number(code)
    except UnreadableDocument as unreadable:
        return Unrecognised(_unreadable(str(unreadable)))


def _number(code: str) -> TypedNumber | PaperSerial:
    document = parse_document(None, code)
    if document.kind is DocumentKind.PAPER_FORM:
        return PaperSerial(document)
    return TypedNumber(document)


def _card(fields: list[str]) -> CardQr | BhytQr:
    fields = [field.strip() for field in fields]
    if re.fullmatch(r"[0-9]{12}", fields[0]):
        return _cccd(fields)
    if len(fields) >= 5 and re.fullmatch(r"(?:[0-9A-Fa-f]{2})+", fields[1]):
        return _bhyt(fields)
    raise UnreadableDocument(
        "the code looks like a card's, but its first field is no CCCD or BHYT number"
    )


def _cccd(fields: list[str]) -> CardQr:
    """Reads `CCCD|CMND|name|ddMMyyyy|Nam/Nữ|address|ddMMyyyy`.

    Newer cards carry more fields, which are left unread. Some readers drop the empty CMND field, so
    that six are left.
    """
    if len(fields) == 6 and not fields[1].isdigit():
        fields = [fields[0], "", *fields[1:]]
    if len(fields) < 6:
        raise UnreadableDocument(
            f"a CCCD's code has at least 7 fields, this one {len(fields)}:"
            " it was read in part, scan it again"
        )
    return CardQr(
        document=parse_document(DocumentKind.CCCD, fields[0]),
        cmnd=parse_document(DocumentKind.CMND, fields[1]) if fields[1] else None,
        full_name=_name(fields[2]),
        birth_date=parse_birth_date(fields[3]),
        sex=SEXES.get(fields[4].casefold(), "unknown"),
        address=fields[5],
        issued_on=parse_birth_date(fields[6]) if len(fields) > 6 and fields[6] else None,
    )


def _bhyt(fields: list[str]) -> BhytQr:
    """Reads `number|name in hexadecimal UTF-8|birth date|1 or 2|address in hexadecimal|…`.

    `-` stands for a field without content.
    """
    return BhytQr(
        document=parse_document(DocumentKind.BHYT, fields[0]),
        full_name=_name(_from_hex(fields[1])),
        birth_date=parse_birth_date(fields[2]),
        sex=SEXES.get(fields[3].casefold(), "unknown"),
        address=_from_hex(fields[4].removeprefix("-")),
    )


def _from_hex(field: str) -> str:
    try:
        return unicodedata.normalize("NFC", bytes.fromhex(field).decode()).strip()
    except (ValueError, UnicodeDecodeError):
        raise UnreadableDocument(
            "a field of the health insurance card's code cannot be read: scan it again"
        ) from None


def _name(field: str) -> str:
    if not field:
        raise UnreadableDocument("the card's code has no name: it was read in part, scan it again")
    return field


def _unreadable(why: str) -> Text:
    return Text(
        "Không nhận ra mã hoặc số này. Hãy quét lại mã khai báo hoặc thẻ CCCD,"
        " hoặc nhập số CMND (9 số), CCCD (12 số), số phiếu giấy.",
        f"This code or number is not recognised ({why}). Scan the declaration's code or the CCCD"
        " card, or type the CMND/CCCD number or the paper form's serial.",
    )
