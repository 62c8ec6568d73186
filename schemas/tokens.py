"""Our QR code: a CBOR Web Token (RFC 8392) signed with Ed25519 (COSE_Sign1, RFC 9052), in Base45 (RFC 9285) so that a QR code holds it in
its small alphanumeric mode. It carries pseudonyms and times, no name and no number, and can be checked without a network."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import base45
import cbor2
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from schemas.documents import TOKEN_PREFIX
from schemas.errors import TokenExpired, TokenKeyUnknown, TokenSignatureWrong, TokenUnreadable
from schemas.ids import DeclarationId, DocumentKey

ALGORITHM, KEY_ID, EDDSA = 1, 4, -8
EXPIRES, ISSUED, TOKEN_ID = 4, 6, 7
DOCUMENT_KEY = -70001
"""Private claim: the document's pseudonym, 16 bytes."""
COSE_SIGN1 = 18


@dataclass(frozen=True, slots=True)
class TokenClaims:
    """Times in whole seconds."""

    declaration_id: DeclarationId
    document_key: DocumentKey
    issued_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class SigningKey:
    key_id: bytes
    private: Ed25519PrivateKey

    @property
    def public(self) -> Ed25519PublicKey:
        return self.private.public_key()


def issue_token(claims: TokenClaims, key: SigningKey) -> str:
    """The same claims and key always give the same text: Ed25519 signatures are deterministic."""
    protected = cbor2.dumps({ALGORITHM: EDDSA, KEY_ID: key.key_id})
    payload = cbor2.dumps(
        {
            EXPIRES: int(claims.expires_at.timestamp()),
            ISSUED: int(claims.issued_at.timestamp()),
            TOKEN_ID: UUID(claims.declaration_id).bytes,
            DOCUMENT_KEY: bytes.fromhex(claims.document_key),
        }
    )
    signature = key.private.sign(_signed(protected, payload))
    message = cbor2.dumps(cbor2.CBORTag(COSE_SIGN1, [protected, {}, payload, signature]))
    return TOKEN_PREFIX + str(base45.b45encode(message), "ascii")


def read_token(text: str, keys: Mapping[bytes, Ed25519PublicKey], now: datetime) -> TokenClaims:
    """`keys` by key id: old ones stay in it for as long as their codes are shown. Raises the errors under `TokenError`."""
    protected, payload, signature = _taken_apart(text)
    header = _decoded(protected)
    key = keys.get(header.get(KEY_ID, b"")) if isinstance(header, dict) else None
    if key is None:
        raise TokenKeyUnknown("the code is signed with a key we do not know")
    try:
        key.verify(signature, _signed(protected, payload))
    except InvalidSignature:
        raise TokenSignatureWrong("the code's signature is wrong: it was changed or forged") from None
    claims = _claims(_decoded(payload))
    if now >= claims.expires_at:
        raise TokenExpired(f"the code expired at {claims.expires_at:%Y-%m-%d %H:%M} UTC", claims)
    return claims


def _signed(protected: bytes, payload: bytes) -> bytes:
    """What the signature is over: the Sig_structure of RFC 9052, section 4.4."""
    return cbor2.dumps(["Signature1", protected, b"", payload])


def _taken_apart(text: str) -> tuple[bytes, bytes, bytes]:
    try:
        message = _decoded(base45.b45decode(text.strip()[len(TOKEN_PREFIX) :].upper()))
    except ValueError:
        raise TokenUnreadable("the code cannot be read: it was cut or blurred") from None
    parts = message.value if isinstance(message, cbor2.CBORTag) and message.tag == COSE_SIGN1 else None
    match parts:
        case [bytes() as protected, dict() as unprotected, bytes() as payload, bytes() as signature] if not unprotected:
            return protected, payload, signature
    raise TokenUnreadable("the code is not a signed token")


def _decoded(data: bytes) -> Any:
    try:
        return cbor2.loads(data)
    except (cbor2.CBORDecodeError, RecursionError, MemoryError):
        raise TokenUnreadable("the code cannot be read: it was cut or blurred") from None


def _claims(payload: Any) -> TokenClaims:
    try:
        return TokenClaims(
            declaration_id=DeclarationId(str(UUID(bytes=payload[TOKEN_ID]))),
            document_key=DocumentKey(payload[DOCUMENT_KEY].hex()),
            issued_at=datetime.fromtimestamp(payload[ISSUED], UTC),
            expires_at=datetime.fromtimestamp(payload[EXPIRES], UTC),
        )
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError):
        raise TokenUnreadable("the code lacks what ours carry") from None
