"""The two accounts, writer and reader, and how a request names its own.

The server knows only a digest of each password. Its environment and memory hold nothing that opens
anything else.
"""

import base64
import binascii
import hashlib
import hmac
import json
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from infra.chdb_server.errors import ClickHouseError, refusal

Role = Literal["writer", "reader"]
ROLES: tuple[Role, ...] = ("writer", "reader")


@dataclass(frozen=True, slots=True)
class Account:
    role: Role
    password_sha256: str


def write_accounts(path: Path, passwords: Mapping[Role, str]) -> None:
    """Writes the file that the server is started with, readable by its owner alone."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.touch(mode=0o600)
    path.write_text(json.dumps({role: digest(password) for role, password in passwords.items()}))


def read_accounts(path: Path) -> dict[str, Account]:
    """Exits with a sentence where the file is missing or lacks an account."""
    try:
        digests = json.loads(path.read_text())
        return {role: Account(role, digests[role]) for role in ROLES}
    except (OSError, ValueError, KeyError, TypeError) as error:
        reason = f"{type(error).__name__}: {error}"
        sys.exit(f"ClickHouse cannot read its accounts from {path}: {reason}")


def digest(password: str) -> str:
    return hashlib.sha256(password.encode()).hexdigest()


def authenticate(
    accounts: Mapping[str, Account], headers: Mapping[str, str], params: Mapping[str, str]
) -> Account:
    """Returns the account of a request. Raises ClickHouseError for any other.

    Credentials are sought in ClickHouse's order: Basic, ClickHouse's headers, URL parameters.
    """
    user, password = _credentials(headers, params)
    account = accounts.get(user)
    if account is None or not hmac.compare_digest(account.password_sha256, digest(password)):
        raise _authentication_failed(user)
    return account


def _credentials(headers: Mapping[str, str], params: Mapping[str, str]) -> tuple[str, str]:
    scheme, _, token = headers.get("authorization", "").partition(" ")
    if scheme.lower() == "basic":
        return _basic(token)
    if scheme:
        raise _authentication_failed("default")
    if "x-clickhouse-user" in headers or "x-clickhouse-key" in headers:
        return headers.get("x-clickhouse-user", "default"), headers.get("x-clickhouse-key", "")
    return params.get("user", "default"), params.get("password", "")


def _basic(token: str) -> tuple[str, str]:
    try:
        user, _, password = base64.b64decode(token, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        raise _authentication_failed("default") from None
    return user, password


def _authentication_failed(user: str) -> ClickHouseError:
    return refusal(
        "AUTHENTICATION_FAILED",
        f"{user}: Authentication failed: password is incorrect, or there is no user with such name",
    )
