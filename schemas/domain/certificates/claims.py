"""What a health certificate says: the CWT's claims (RFC 8392) and the vaccination, test or recovery of the European schema (DCC 1.3)."""

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
"""SNOMED CT: detected, not detected."""
DOSES_MOST = 99
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
    """`dated_at`: of the dose, the sample or the first positive test. `identifier_hash`: of the certificate's own identifier (UVCI)."""

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
    """None where it is no health certificate. Never raises."""
    try:
        claimed = read_cbor(payload)
        certificate = claimed[HEALTH][DCC]
        key = next(key for key in KINDS if certificate.get(key))
        return _claims(claimed, certificate, key, certificate[key][0])
    except (*BAD_CLAIMS, StopIteration):
        return None


def hash_of_identifier(identifier: str) -> str:
    """The first 16 bytes of SHA-256, in hexadecimal, as revocation lists have it."""
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
    """Family name first, as the register has it. The transliterated one (ICAO 9303: capitals, `<` between) where the other is missing or in
    letters that no register here has."""
    written = _joined(names.get("fn"), names.get("gn"))
    if written and all(
        unicodedata.name(letter, "").startswith("LATIN") for letter in written if letter.isalpha()
    ):
        return written
    return _joined(names.get("fnt"), names.get("gnt"))


def _joined(family: str | None, given: str | None) -> str:
    return " ".join(f"{family or ''} {given or ''}".replace("<", " ").split())[:200]


def _birth_date(said: str | None) -> str | None:
    """As exactly as the certificate has it; none at all where that is no date."""
    try:
        return parse_birth_date((said or "")[:10])
    except UnreadableDocument:
        return None


def _country(said: str) -> str:
    return "".join(letter for letter in said if letter.isalnum() and letter.isascii())[:3].upper()


def _instant(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def _dated(said: str | None) -> datetime | None:
    """A day, or an instant; a time without a zone is taken for UTC."""
    if not said:
        return None
    at = (
        datetime.fromisoformat(said)
        if len(said) > 10
        else datetime.combine(date.fromisoformat(said), datetime.min.time())
    )
    return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)


def _count(said: int | None) -> int | None:
    return said if isinstance(said, int) and 0 <= said <= DOSES_MOST else None
