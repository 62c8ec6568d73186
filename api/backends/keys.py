"""The keys of our QR codes: one signs, all verify, so that codes outlive a change of keys."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from infra.errors import SetupError
from infra.settings import Settings
from schemas.domain.tokens import SigningKey

NO_ID = b"\x00"


@dataclass(frozen=True, slots=True)
class Keys:
    signing: SigningKey
    verifying: Mapping[bytes, Ed25519PublicKey]
    revoked: frozenset[bytes] = frozenset()

    @classmethod
    def read(cls, settings: Settings) -> "Keys":
        """Reads the files `data_dir/keys/<id>.key`; the highest id signs.

        The id is one byte in hexadecimal, and the content 32 raw bytes. A key that somebody else
        may have is revoked by renaming it `<id>.revoked`: its codes are refused by that name. The
        local profile makes its first key, and another when all are revoked.

        Raises `SetupError` where there is no key, and for a file that is no such key.
        """
        directory = settings.data_dir / "keys"
        revoked = frozenset(_id(path) for path in directory.glob("*.revoked"))
        if settings.profile == "local" and not any(directory.glob("*.key")):
            highest_id = max(revoked, default=NO_ID)[0]
            _make(directory / f"{highest_id + 1:02x}.key")
        keys = [_signing_key(path) for path in sorted(directory.glob("*.key"))]
        if not keys:
            raise SetupError(
                f"There is no key to sign QR codes with: make {directory / '01.key'}, "
                "as docs/production.md shows."
            )
        return cls.of(keys, revoked)

    @classmethod
    def of(cls, keys: Sequence[SigningKey], revoked: frozenset[bytes] = frozenset()) -> "Keys":
        """Takes these keys; the last one signs."""
        return cls(keys[-1], {key.key_id: key.public for key in keys}, revoked)


def _make(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(Ed25519PrivateKey.generate().private_bytes_raw())


def _signing_key(path: Path) -> SigningKey:
    try:
        return SigningKey(_id(path), Ed25519PrivateKey.from_private_bytes(path.read_bytes()))
    except ValueError:
        raise SetupError(f"The key {path} must hold 32 bytes, and nothing else.") from None


def _id(path: Path) -> bytes:
    try:
        (number,) = bytes.fromhex(path.stem)
    except ValueError:
        raise SetupError(
            f"The key {path} must be named by a number of one byte, in two hexadecimal digits."
        ) from None
    return bytes([number])
