"""The two accounts, writer and reader, and how a request says which one it is."""

import base64
import binascii
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from infra.local.clickhouse.errors import ClickHouseError, refusal
from infra.settings import Settings

Role = Literal["writer", "reader"]


@dataclass(frozen=True, slots=True)
class Account:
    role: Role
    password: str


def accounts_of(settings: Settings) -> dict[str, Account]:
    passwords: dict[Role, str] = {
        "writer": settings.clickhouse_writer_password.get_secret_value(),
        "reader": settings.clickhouse_reader_password.get_secret_value(),
    }
    return {role: Account(role, password) for role, password in passwords.items()}


def authenticate(accounts: Mapping[str, Account], headers: Mapping[str, str], params: Mapping[str, str]) -> Account:
    """The account of a request: Basic, then ClickHouse's headers, then URL parameters, as ClickHouse looks for them."""
    user, password = credentials(headers, params)
    account = accounts.get(user)
    if account is None or not hmac.compare_digest(account.password.encode(), password.encode()):
        raise authentication_failed(user)
    return account


def credentials(headers: Mapping[str, str], params: Mapping[str, str]) -> tuple[str, str]:
    scheme, _, token = headers.get("authorization", "").partition(" ")
    if scheme.lower() == "basic":
        return basic(token)
    if scheme:
        raise authentication_failed("default")
    if "x-clickhouse-user" in headers or "x-clickhouse-key" in headers:
        return headers.get("x-clickhouse-user", "default"), headers.get("x-clickhouse-key", "")
    return params.get("user", "default"), params.get("password", "")


def basic(token: str) -> tuple[str, str]:
    try:
        user, _, password = base64.b64decode(token, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        raise authentication_failed("default") from None
    return user, password


def authentication_failed(user: str) -> ClickHouseError:
    sentence = f"{user}: Authentication failed: password is incorrect, or there is no user with such name"
    return refusal("AUTHENTICATION_FAILED", sentence)
