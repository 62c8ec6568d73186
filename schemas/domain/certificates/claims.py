"""Reads what a health certificate says.

These are the claims of a CWT (RFC 8392), and the vaccination, test or recovery of the European
schema (DCC 1.3).
"""

import hashlib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from schemas.contract.errors import UnreadableDocument
from schemas.contract.terms import CertificateKind, CertificateResult
from schemas.domain.certificates.cbor import CborFault, read_cbor
from schemas.domain.documents import parse_birth_date

ISSUER, EXPIRES, ISSUED, HEALTH, DCC = 1, 4, 6, -260, 1
KINDS: Mapping[str, CertificateKind] = {"v": "vaccination", "t": "test", "r": "recovery"}
DATED = {"v": "dt", "t": "sc", "r": "fr"}
RESULTS: Mapping[str, CertificateResult] = {"260373001": "positive", "260415000": "negative"}
"""The codes are of SNOMED CT: detected, not detected."""
MAX_DOSES = 99
DAY_LENGTH = len("2021-09-15")
BAD_CLAIMS = (
    CborFault,
    KeyError,
    TypeError,
    ValueError,
    AttributeError,
    OverflowError,
    IndexError,
    OSError,
)


@dataclass(frozen=True, slots=True)
class Claims:
    """The claims of one certificate.

    `dated_at` is when the dose was given, the sample taken or the first test positive.
    `identifier_hash` is that of the certificate's own identifier (UVCI).
    """

    kind: CertificateKind
    full_name: str
    birth_date: str | None
    country: str
    issued_at: datetime | None
    expires_at: datetime
    doses: int | None
    doses_needed: int | None
    result: CertificateResult | None
    dated_at: datetime | None
    identifier_hash: str


def read_claims(payload: bytes) -> Claims | None:
    """Returns the claims, or None where it is no health certificate. Never raises."""
    try:
        claimed = read_cbor(payload)
        certificate = claimed[HEALTH][DCC]
        key = next(key for key in KINDS if certificate.get(key))
        return _claims(claimed, certificate, key, certificate[key][0])
    except (*BAD_CLAIMS, StopIteration):
        return None


def hash_of_identifier(identifier: str) -> str:
    """Returns the first 16 bytes of SHA-256 in hexadecimal, as revocation lists have it."""
    return hashlib.sha256(identifier.encode()).hexdigest()[:32]


def _claims(
    claimed: dict[Any, Any], certificate: dict[str, Any], key: str, entry: dict[str, Any]
) -> Claims:
    return Claims(
        kind=KINDS[key],
        full_name=_full_name(certificate["nam"]),
        birth_date=_birth_date(certificate.get("dob")),
        country=_country(claimed.get(ISSUER) or entry["co"]),
        issued_at=_instant(claimed[ISSUED]) if ISSUED in claimed else None,
        expires_at=_instant(claimed[EXPIRES]),
        doses=_count(entry.get("dn")),
        doses_needed=_count(entry.get("sd")),
        result=RESULTS.get(entry["tr"]) if key == "t" else None,
        dated_at=_dated(entry.get(DATED[key])),
        identifier_hash=hash_of_identifier(entry["ci"]),
    )


def _full_name(names: dict[str, str]) -> str:
    """Returns the name with the family name first, as the register has it.

    The transliterated one (ICAO 9303: capitals, `<` between) is returned where the other is missing
    or in letters that no register here has.
    """
    written = _joined(names.get("fn"), names.get("gn"))
    if written and _is_latin(written):
        return written
    return _joined(names.get("fnt"), names.get("gnt"))


def _is_latin(name: str) -> bool:
    letters = (letter for letter in name if letter.isalpha())
    return all(unicodedata.name(letter, "").startswith("LATIN") for letter in letters)


def _joined(family: str | None, given: str | None) -> str:
    return " ".join(f"{family or ''} {given or ''}".replace("<", " ").split())[:200]


def _birth_date(text: str | None) -> str | None:
    """Returns the date as exactly as the certificate has it; None where that is no date."""
    try:
        return parse_birth_date((text or "")[:DAY_LENGTH])
    except UnreadableDocument:
        return None


def _country(text: str) -> str:
    return "".join(letter for letter in text if letter.isalnum() and letter.isascii())[:3].upper()


def _instant(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def _dated(text: str | None) -> datetime | None:
    """Returns a day or an instant; a time without a zone is taken for UTC."""
    if not text:
        return None
    if len(text) > DAY_LENGTH:
        at = datetime.fromisoformat(text)
    else:
        at = datetime.combine(date.fromisoformat(text), datetime.min.time())
    return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)


def _count(doses: int | None) -> int | None:
    return doses if isinstance(doses, int) and 0 <= doses <= MAX_DOSES else None
