"""The outside of a health certificate's code: `HC1:`, Base45 (RFC 9285), zlib, COSE_Sign1 (RFC 9052). Opened within bounds and judged by
nobody yet: what is inside counts only when the signature has been verified."""

import zlib
from dataclasses import dataclass
from typing import Any

import base45
import cbor2

from schemas.domain.certificates.cbor import CborFault, read_cbor
from schemas.domain.documents import Text

PREFIX = "HC1:"
TEXT_MOST = 4_296
"""As many characters as a QR code can hold."""
INFLATED_MOST = 16_384
"""Certificates have about 1,000 bytes; a code can hold 3,000 that inflate to millions."""
KEY_ID = 4
KEY_ID_MOST = 32
NOT_READ = Text(
    "Không đọc được mã chứng nhận: mã bị cắt, mờ hoặc không đúng chuẩn. Hãy quét lại.",
    "The certificate's code cannot be read: it was cut, blurred, or is none of this standard. Scan it again.",
)


@dataclass(frozen=True, slots=True)
class Unreadable:
    """Not a certificate, or not the whole of one: nothing can be said about it."""

    reason: Text


@dataclass(frozen=True, slots=True)
class Envelope:
    key_id: bytes
    protected: bytes
    payload: bytes
    signature: bytes

    @property
    def signed(self) -> bytes:
        """What the signature is over: the Sig_structure of RFC 9052, section 4.4."""
        return cbor2.dumps(["Signature1", self.protected, b"", self.payload])


def open_envelope(text: str) -> Envelope | Unreadable:
    """Never raises. The key id may stand in the protected or in the unprotected header."""
    said = text.strip()
    if len(said) > TEXT_MOST or said[: len(PREFIX)].upper() != PREFIX:
        return Unreadable(NOT_READ)
    try:
        message = read_cbor(_inflated(base45.b45decode(said[len(PREFIX) :].upper())))
        protected, unprotected, payload, signature = message
        headers: dict[Any, Any] = {**unprotected, **(read_cbor(protected) if protected else {})}
        opened = Envelope(headers[KEY_ID], protected, payload, signature)
    except (ValueError, TypeError, KeyError, zlib.error):
        return Unreadable(NOT_READ)
    parts: tuple[object, ...] = (opened.key_id, protected, payload, signature)
    whole = all(isinstance(part, bytes) for part in parts) and 0 < len(opened.key_id) <= KEY_ID_MOST
    return opened if whole else Unreadable(NOT_READ)


def _inflated(packed: bytes) -> bytes:
    """Raises `zlib.error`, `CborFault`."""
    unpacking = zlib.decompressobj()
    found = unpacking.decompress(packed, INFLATED_MOST)
    if not unpacking.eof or unpacking.unused_data:
        raise CborFault("it inflates to more than a certificate has, or is cut off")
    return found
