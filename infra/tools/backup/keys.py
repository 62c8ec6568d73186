"""The keys of a system, wrapped by a passphrase: without them a backup cannot go on.

They are a file of their own, to be kept apart from the backup.
"""

import base64
import hashlib
import os
from pathlib import Path

import msgspec
from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from infra.errors import SetupError
from infra.settings import Settings

SALT_BYTES = 16
LEAST_PASSPHRASE = 12
COST = 1 << 15
"""scrypt's N: 32 MiB and some tenths of a second for each try of a passphrase."""


class Keys(msgspec.Struct, frozen=True):
    person_key: str
    files: dict[str, bytes]
    """Tokens and keys of the QR codes, by their name below the data directory."""


class WrappedKeys(msgspec.Struct, frozen=True):
    salt: bytes
    token: str


def hash_of(person_key: str) -> str:
    return hashlib.sha256(person_key.encode()).hexdigest()


def wrap(settings: Settings, passphrase: str, target: Path) -> None:
    """Writes the keys to a file that its owner alone can read.

    A file that holds the same keys under the same passphrase stays. Raises `SetupError`.
    """
    if len(passphrase) < LEAST_PASSPHRASE:
        raise SetupError(f"The passphrase has fewer than {LEAST_PASSPHRASE} characters.")
    keys = _keys_of(settings)
    if target.exists():
        _refuse_other_keys(target, passphrase, keys)
        return
    salt = os.urandom(SALT_BYTES)
    token = Fernet(_key(passphrase, salt)).encrypt(msgspec.json.encode(keys)).decode()
    _write_private(target, msgspec.json.encode(WrappedKeys(salt, token)))


def unwrap(source: Path, passphrase: str) -> Keys:
    """Raises `SetupError` for another passphrase, or a file that holds no keys."""
    try:
        wrapped = msgspec.json.decode(source.read_bytes(), type=WrappedKeys)
        plain = Fernet(_key(passphrase, wrapped.salt)).decrypt(wrapped.token.encode())
    except OSError as error:
        raise SetupError(f"{source} cannot be read: {error.strerror}.") from error
    except msgspec.DecodeError as error:
        raise SetupError(f"{source} holds no wrapped keys: {error}") from error
    except InvalidToken:
        raise SetupError(f"The passphrase does not open {source}.") from None
    return msgspec.json.decode(plain, type=Keys)


def put_files(settings: Settings, keys: Keys, person_key_to: Path) -> list[str]:
    """Writes tokens, keys of codes, and the key of the pseudonyms to a file of its own.

    Returns the names of the tokens and keys that were not there yet. Raises `SetupError`, with
    nothing written, where another one is there.
    """
    contents = {person_key_to: keys.person_key.encode()}
    for name, content in keys.files.items():
        contents[settings.data_dir / name] = content
    missing = {path: content for path, content in contents.items() if not path.exists()}
    for path, content in contents.items():
        if path not in missing and path.read_bytes() != content:
            raise SetupError(
                f"{path} exists already, with other content, and is not overwritten. Move it away "
                "if what is in the wrapped keys shall count."
            )
    for path, content in missing.items():
        if path != person_key_to:
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        _write_private(path, content)
    return [name for name in keys.files if settings.data_dir / name in missing]


def _keys_of(settings: Settings) -> Keys:
    files = {}
    for path in (settings.data_dir / "tokens.json", *(settings.data_dir / "keys").glob("*")):
        if path.is_file():
            files[str(path.relative_to(settings.data_dir))] = path.read_bytes()
    return Keys(settings.person_key.get_secret_value(), files)


def _refuse_other_keys(target: Path, passphrase: str, keys: Keys) -> None:
    try:
        is_same = unwrap(target, passphrase) == keys
    except SetupError:
        is_same = False
    if not is_same:
        raise SetupError(
            f"{target} holds other keys, or has another passphrase, and is not overwritten: "
            "name a new file."
        )


def _key(passphrase: str, salt: bytes) -> bytes:
    derived = Scrypt(salt=salt, length=32, n=COST, r=8, p=1).derive(passphrase.encode())
    return base64.urlsafe_b64encode(derived)


def _write_private(path: Path, content: bytes) -> None:
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise SetupError(f"{path} exists already: it is not overwritten.") from None
    except OSError as error:
        raise SetupError(f"{path} cannot be written: {error.strerror}.") from error
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
