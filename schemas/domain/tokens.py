"""Issues and reads our QR code: a CBOR Web Token (RFC 8392) signed with Ed25519.

It is a COSE_Sign1 message (RFC 9052) in Base45 (RFC 9285), so that a QR code holds it in its small
alphanumeric mode. It carries pseudonyms and times, no name and no number, and can be checked
without a network.
"""

from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from uuid import UUID

import base45
import cbor2
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from schemas.contract.errors import (
    TokenExpired,
    TokenKeyRevoked,
    TokenKeyUnknown,
    TokenSignatureWrong,
    TokenUnreadable,
)
from schemas.contract.ids import DeclarationId, DocumentKey
from schemas.domain.documents import TOKEN_PREFIX

ALGORITHM, KEY_ID, EDDSA = 1, 4, -8
EXPIRES, ISSUED, TOKEN_ID = 4, 6, 7
DOCUMENT_KEY = -70001
"""Private claim that holds the document's pseudonym, 16 bytes."""
COSE_SIGN1 = b"\xd2\x84"
"""The bytes are tag 18 and a list of four: two headers, payload, signature."""
SIGNATURE_SIZE = 64
SIGNATURE_HEAD = b"\x58\x40"
"""The bytes before a byte string of 64."""


@dataclass(frozen=True, slots=True)
class TokenClaims:
    """The claims of a code; its times are whole seconds."""

    declaration_id: DeclarationId
    document_key: DocumentKey
    issued_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A key of ours, with the id that its codes carry."""

    key_id: bytes
    private: Ed25519PrivateKey

    @property
    def public(self) -> Ed25519PublicKey:
        return self.private.public_key()


def issue_token(claims: TokenClaims, key: SigningKey) -> str:
    """Returns the text of the code.

    The same claims and key always give the same text: Ed25519 signatures are deterministic.
    """
    claimed = {
        EXPIRES: int(claims.expires_at.timestamp()),
        ISSUED: int(claims.issued_at.timestamp()),
        TOKEN_ID: UUID(claims.declaration_id).bytes,
        DOCUMENT_KEY: bytes.fromhex(claims.document_key),
    }
    payload = cbor2.dumps(cbor2.dumps(claimed))
    signature = key.private.sign(_signed(key.key_id, payload))
    message = _head(key.key_id) + payload + SIGNATURE_HEAD + signature
    return TOKEN_PREFIX + str(base45.b45encode(message), "ascii")


def read_token(
    text: str,
    keys: Mapping[bytes, Ed25519PublicKey],
    now: datetime,
    revoked: Collection[bytes] = (),
) -> TokenClaims:
    """Returns the claims of a code. Raises the errors under `TokenError`.

    `keys` are by key id; old ones stay among them for as long as their codes are shown. `revoked`
    holds the ids of keys that count no longer. Nothing is decoded before its signature is verified:
    anybody can print a QR code, and CBOR from strangers can be made to break its decoder.
    """
    message = _message(text)
    key_id = next((known for known in keys if message.startswith(_head(known))), None)
    if key_id is None:
        if any(message.startswith(_head(known)) for known in revoked):
            raise TokenKeyRevoked("the code is signed with a key that was revoked")
        raise TokenKeyUnknown("the code is signed with a key we do not know")
    payload = message[len(_head(key_id)) : -SIGNATURE_SIZE - len(SIGNATURE_HEAD)]
    try:
        keys[key_id].verify(message[-SIGNATURE_SIZE:], _signed(key_id, payload))
    except InvalidSignature:
        raise TokenSignatureWrong(
            "the code's signature is wrong: it was changed or forged"
        ) from None
    claims = _claims(payload)
    if now >= claims.expires_at:
        raise TokenExpired(f"the code expired at {claims.expires_at:%Y-%m-%d %H:%M} UTC", claims)
    return claims


@lru_cache(maxsize=64)
def _protected(key_id: bytes) -> bytes:
    return cbor2.dumps(cbor2.dumps({ALGORITHM: EDDSA, KEY_ID: key_id}))


@lru_cache(maxsize=64)
def _head(key_id: bytes) -> bytes:
    """Returns the beginning of every code of this key.

    The bytes are the tag, a list of four, the protected header, and an empty unprotected one.
    """
    return COSE_SIGN1 + _protected(key_id) + b"\xa0"


def _signed(key_id: bytes, payload: bytes) -> bytes:
    """Returns the bytes that are signed: the Sig_structure of RFC 9052, section 4.4.

    There is no external data. `payload` is encoded as a byte string already.
    """
    return b"\x84\x6aSignature1" + _protected(key_id) + b"\x40" + payload


def _message(text: str) -> bytes:
    """Returns the message that the text carries, if it begins and ends like ours."""
    code = text.strip().upper()
    message = b""
    if code.startswith(TOKEN_PREFIX):
        with suppress(ValueError):
            message = bytes(base45.b45decode(code.removeprefix(TOKEN_PREFIX)))
    before_signature = message[-SIGNATURE_SIZE - len(SIGNATURE_HEAD) : -SIGNATURE_SIZE]
    if not message.startswith(COSE_SIGN1) or before_signature != SIGNATURE_HEAD:
        raise TokenUnreadable(
            "the code cannot be read: it was cut or blurred, or is not one of ours"
        )
    return message


def _claims(payload: bytes) -> TokenClaims:
    try:
        claimed = cbor2.loads(cbor2.loads(payload))
        return TokenClaims(
            declaration_id=DeclarationId(str(UUID(bytes=claimed[TOKEN_ID]))),
            document_key=DocumentKey(claimed[DOCUMENT_KEY].hex()),
            issued_at=datetime.fromtimestamp(claimed[ISSUED], UTC),
            expires_at=datetime.fromtimestamp(claimed[EXPIRES], UTC),
        )
    except (cbor2.CBORDecodeError, KeyError, TypeError, ValueError, AttributeError, OverflowError):
        raise TokenUnreadable("the code lacks what ours carry") from None
