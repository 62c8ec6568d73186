"""Opens a health certificate's code: `HC1:`, Base45 (RFC 9285), zlib, COSE_Sign1 (RFC 9052).

It is opened within bounds and not judged yet: what is inside counts only when the signature has
been verified.
"""

import zlib
from dataclasses import dataclass
from typing import Any

import base45
import cbor2

from schemas.domain.certificates.cbor import CborFault, read_cbor
from schemas.domain.texts import Text

PREFIX = "HC1:"
MAX_TEXT_LENGTH = 4_296
"""Number of characters that a QR code can hold."""
MAX_INFLATED_BYTES = 16_384
"""Certificates have about 1,000 bytes; a code can hold 3,000 that inflate to millions."""
KEY_ID = 4
MAX_KEY_ID_BYTES = 32
NOT_READ = Text(
    "Không đọc được mã chứng nhận: mã bị cắt, mờ hoặc không đúng chuẩn. Hãy quét lại.",
    "The certificate's code cannot be read: it was cut, blurred, or is none of this standard."
    " Scan it again.",
)


@dataclass(frozen=True, slots=True)
class Unreadable:
    """The text is no certificate, or not the whole of one: nothing can be said about it."""

    reason: Text


@dataclass(frozen=True, slots=True)
class Envelope:
    key_id: bytes
    protected: bytes
    payload: bytes
    signature: bytes

    @property
    def signed(self) -> bytes:
        """The bytes that are signed: the Sig_structure of RFC 9052, section 4.4."""
        return cbor2.dumps(["Signature1", self.protected, b"", self.payload])


def open_envelope(text: str) -> Envelope | Unreadable:
    """Returns the opened code, or why it cannot be read. Never raises.

    The key id may stand in the protected or in the unprotected header.
    """
    code = text.strip()
    if len(code) > MAX_TEXT_LENGTH or code[: len(PREFIX)].upper() != PREFIX:
        return Unreadable(NOT_READ)
    try:
        message = read_cbor(_inflated(base45.b45decode(code[len(PREFIX) :].upper())))
        protected, unprotected, payload, signature = message
        headers: dict[Any, Any] = {**unprotected, **(read_cbor(protected) if protected else {})}
        opened = Envelope(headers[KEY_ID], protected, payload, signature)
    except (ValueError, TypeError, KeyError, zlib.error):
        return Unreadable(NOT_READ)
    return opened if _is_whole(opened) else Unreadable(NOT_READ)


def _is_whole(opened: Envelope) -> bool:
    parts: tuple[object, ...] = (
        opened.key_id,
        opened.protected,
        opened.payload,
        opened.signature,
    )
    if not all(isinstance(part, bytes) for part in parts):
        return False
    return 0 < len(opened.key_id) <= MAX_KEY_ID_BYTES


def _inflated(packed: bytes) -> bytes:
    """Returns the content. Raises `zlib.error`, `CborFault`."""
    unpacking = zlib.decompressobj()
    content = unpacking.decompress(packed, MAX_INFLATED_BYTES)
    if not unpacking.eof or unpacking.unused_data:
        raise CborFault("it inflates to more than a certificate has, or is cut off")
    return content
