"""The accounts: bearer tokens with a role and, for committees, an area.

Full accounts can take their place: `Accounts.of` is all that the doors ask of them.
"""

import fcntl
import hashlib
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

import orjson
from fastapi import Request

from infra.errors import SetupError
from infra.settings import Settings
from schemas.domain.places import unit

Role = Literal[
    "declarant", "checkpoint", "clerk", "register", "tracer", "committee", "analyst", "admin"
]
ROLES: tuple[Role, ...] = get_args(Role)
LOCAL_ACCOUNTS = (*ROLES, "committee@21025", "committee@522")
"""Of the local profile: one a role, and the committees of a ward and of its district, the city of Quảng Ngãi."""
TOKEN_LEAST = 8


@dataclass(frozen=True, slots=True)
class Account:
    name: str
    role: Role
    area: str = ""
    """Code of the commune, district or province whose people the account may see on lists; empty: everybody."""


class Accounts:
    """Tokens are kept as hashes; a look-up does not depend on how much of a wrong token is right."""

    def __init__(self, by_hash: Mapping[str, Account]) -> None:
        self._by_hash = by_hash

    @classmethod
    def read(cls, settings: Settings) -> "Accounts":
        """The file gives each account its token: `<name>:<role>`, as `team-2-binh-de:checkpoint`, so that every team has its own; for
        committees with an area (`chanh-lo:committee@21025`). Without a name an account is called by its role and area. The local profile
        mints the tokens that it lacks first. Raises `SetupError` for a file that is missing or cannot be read, a role that is none, and an
        area that is none: it must not count as no limit."""
        path = tokens_file(settings)
        if settings.profile == "local":
            mint_local_tokens(path)
        return cls({hash_of(token): _account(said) for said, token in _tokens(path).items()})

    def of(self, token: str) -> Account | None:
        return self._by_hash.get(hash_of(token))


def _tokens(path: Path) -> dict[str, str]:
    try:
        tokens = orjson.loads(path.read_bytes())
    except FileNotFoundError:
        raise SetupError(
            f"There is no file of tokens: write {path}, as docs/production.md shows."
        ) from None
    except orjson.JSONDecodeError as error:
        raise SetupError(f"The file of tokens {path} is no JSON: {error}.") from None
    if not isinstance(tokens, dict) or not all(
        isinstance(token, str) and len(token) >= TOKEN_LEAST for token in tokens.values()
    ):
        raise SetupError(
            f"The file of tokens {path} must give each account a token of {TOKEN_LEAST} characters at least."
        )
    return tokens


def _account(said: str) -> Account:
    name, _, role_and_area = said.rpartition(":")
    role, at, area = role_and_area.partition("@")
    if role not in ROLES:
        raise SetupError(
            f"The account {said} in the file of tokens has no role; there are {', '.join(ROLES)}."
        )
    if at and (role != "committee" or unit(area) is None):
        raise SetupError(
            f"The account {said} in the file of tokens has no area: only committees have one, by the code of a unit of 2021."
        )
    return Account(name or role_and_area, role, area)


def tokens_file(settings: Settings) -> Path:
    return settings.data_dir / "tokens.json"


def mint_local_tokens(path: Path) -> None:
    """One token per role, and for some committees; readable by their owner alone. Those that are there stay. One process at a time, and
    readers see the whole."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        there: dict[str, str] = orjson.loads(path.read_bytes()) if path.exists() else {}
        if set(LOCAL_ACCOUNTS) <= there.keys():
            return
        tokens = {
            name: f"dbd_{name.replace('@', '_')}_{secrets.token_urlsafe(24)}"
            for name in LOCAL_ACCOUNTS
        } | there
        made = path.with_suffix(".new")
        with os.fdopen(os.open(made, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(orjson.dumps(tokens, option=orjson.OPT_INDENT_2))
        made.replace(path)


def account_of(request: Request) -> Account:
    """Returns the caller of a route that `requires` one."""
    account: Account = request.state.account
    return account


def hash_of(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
