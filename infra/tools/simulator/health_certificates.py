"""Health certificates of the synthetic province: `HC1:` codes, signed with keys of its own.

They are what a ministry would issue.
"""

import base64
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import base45
import cbor2
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.padding import MGF1, PSS
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from infra.tools.simulator.names import without_marks
from schemas.contract.terms import SignatureAlgorithm

COUNTRY = "VN"
VALID = timedelta(days=365)
"""QĐ 5772 counts it from the making of the code."""
COSE_ALGORITHMS: Mapping[SignatureAlgorithm, int] = {"ES256": -7, "PS256": -37, "EdDSA": -8}
Header = Mapping[int, Any]
PrivateKey = EllipticCurvePrivateKey | RSAPrivateKey | Ed25519PrivateKey


@dataclass(frozen=True, slots=True)
class CertificateSigner:
    key_id: bytes
    private: PrivateKey

    @property
    def algorithm(self) -> SignatureAlgorithm:
        match self.private:
            case EllipticCurvePrivateKey():
                return "ES256"
            case RSAPrivateKey():
                return "PS256"
        return "EdDSA"

    @property
    def public_key(self) -> str:
        """Returns the key as the trust list has it: DER, in base64."""
        public = self.private.public_key()
        der = public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        return base64.b64encode(der).decode()

    def issue(
        self, claimed: Header, protected: Header | None = None, unprotected: Header | None = None
    ) -> str:
        """Returns the code's text.

        Key id and algorithm stand in the protected header unless headers are given.
        """
        if protected is None:
            protected = {1: COSE_ALGORITHMS[self.algorithm], 4: self.key_id}
        header, payload = cbor2.dumps(dict(protected)), cbor2.dumps(dict(claimed))
        signature = self._sign(cbor2.dumps(["Signature1", header, b"", payload]))
        message = [header, dict(unprotected or {}), payload, signature]
        return packed(cbor2.dumps(cbor2.CBORTag(18, message)))

    def _sign(self, signed: bytes) -> bytes:
        match self.private:
            case EllipticCurvePrivateKey():
                r, s = decode_dss_signature(self.private.sign(signed, ECDSA(SHA256())))
                return r.to_bytes(32) + s.to_bytes(32)
            case RSAPrivateKey():
                return self.private.sign(signed, PSS(MGF1(SHA256()), SHA256.digest_size), SHA256())
        return self.private.sign(signed)


def packed(message: bytes) -> str:
    """Returns the text of a signed message: compressed, in base 45, with its prefix."""
    return "HC1:" + str(base45.b45encode(zlib.compress(message)), "ascii")


def claims_of(full_name: str, birth_date: str, issued_at: datetime, **entry: Any) -> dict[int, Any]:
    """Returns the claims about one `entry`: `v`, `t` or `r`, as below.

    The name comes transliterated too, as passports have it.
    """
    family, _, given = full_name.partition(" ")
    names = {
        "fn": family,
        "gn": given,
        "fnt": _transliterated(family),
        "gnt": _transliterated(given),
    }
    certificate = {"ver": "1.3.0", "nam": names, "dob": birth_date}
    for kind, content in entry.items():
        certificate[kind] = [content]
    return {
        1: COUNTRY,
        6: int(issued_at.timestamp()),
        4: int((issued_at + VALID).timestamp()),
        -260: {1: certificate},
    }


def vaccination(identifier: str, number: int, of: int, on: date) -> dict[str, Any]:
    """Returns an entry `v`: a dose, by its number in a series of `of` doses."""
    entry = {
        "tg": "840539006",
        "vp": "J07BX03",
        "mp": "EU/1/21/1529",
        "ma": "ORG-100001699",
        "co": COUNTRY,
        "is": "Simulation",
    }
    return entry | {"dn": number, "sd": of, "dt": on.isoformat(), "ci": identifier}


def sample(identifier: str, at: datetime, *, detected: bool) -> dict[str, Any]:
    """Returns an entry `t`: a health test, by the time of its sample."""
    entry = {
        "tg": "840539006",
        "tt": "LP6464-4",
        "tc": "Simulation",
        "co": COUNTRY,
        "is": "Simulation",
    }
    return entry | {
        "sc": at.isoformat(),
        "tr": "260373001" if detected else "260415000",
        "ci": identifier,
    }


def recovery(identifier: str, first_positive: date) -> dict[str, Any]:
    """Returns an entry `r`: a recovery, by the day of the first positive test."""
    entry = {
        "tg": "840539006",
        "co": COUNTRY,
        "is": "Simulation",
        "df": first_positive.isoformat(),
        "du": first_positive.isoformat(),
    }
    return entry | {"fr": first_positive.isoformat(), "ci": identifier}


def _transliterated(name: str) -> str:
    return without_marks(name).upper().replace(" ", "<")
