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
from typing import Any, Literal, get_args

import orjson

from infra.errors import SetupError
from infra.settings import Settings
from schemas.domain.places import unit

Role = Literal[
    "declarant", "checkpoint", "clerk", "register", "tracer", "committee", "analyst", "admin"
]
ROLES: tuple[Role, ...] = get_args(Role)
LOCAL_ACCOUNTS = (*ROLES, "committee@21025", "committee@522")
"""The accounts of the local profile: one a role, and the committees of a ward and of its district,
the city of Quảng Ngãi."""
MIN_TOKEN_CHARACTERS = 8


@dataclass(frozen=True, slots=True)
class Account:
    name: str
    role: Role
    area: str = ""
    """The commune, district or province, by code, whose people the account may see on lists. An
    empty one stands for everywhere."""


class Accounts:
    """Tokens are kept as hashes, so a look-up does not tell how much of a wrong token is right."""

    def __init__(self, by_hash: Mapping[str, Account]) -> None:
        self._by_hash = by_hash

    @classmethod
    def read(cls, settings: Settings) -> "Accounts":
        """Reads the file of tokens. The local profile first mints the tokens that it lacks.

        The file gives each account its token. The account is written `<name>:<role>`, as
        `team-2-binh-de:checkpoint`, so that every team has its own. A committee may have an area
        (`chanh-lo:committee@21025`). Without a name an account is called by its role and area.

        Raises `SetupError` for a file that is missing or cannot be read, for a role that is none,
        and for an area that is none: it must not count as no limit.
        """
        path = tokens_file(settings)
        if settings.profile == "local":
            mint_local_tokens(path)
        return cls({hash_of(token): _account(written) for written, token in _tokens(path).items()})

    def of(self, token: str) -> Account | None:
        return self._by_hash.get(hash_of(token))


def tokens_file(settings: Settings) -> Path:
    return settings.data_dir / "tokens.json"


def mint_local_tokens(path: Path) -> None:
    """Writes a token for each local account that has none; their owner alone can read them.

    One process does it at a time, and readers see the whole file or none.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        present: dict[str, str] = orjson.loads(path.read_bytes()) if path.exists() else {}
        if set(LOCAL_ACCOUNTS) <= present.keys():
            return
        minted = {name: _new_token(name) for name in LOCAL_ACCOUNTS}
        new_file = path.with_suffix(".new")
        flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
        with os.fdopen(os.open(new_file, flags, 0o600), "wb") as file:
            file.write(orjson.dumps(minted | present, option=orjson.OPT_INDENT_2))
        new_file.replace(path)


def hash_of(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _new_token(account: str) -> str:
    return f"dbd_{account.replace('@', '_')}_{secrets.token_urlsafe(24)}"


def _tokens(path: Path) -> dict[str, str]:
    try:
        tokens = orjson.loads(path.read_bytes())
    except FileNotFoundError:
        raise SetupError(
            f"There is no file of tokens: write {path}, as docs/production.md shows."
        ) from None
    except orjson.JSONDecodeError as error:
        raise SetupError(f"The file of tokens {path} is no JSON: {error}.") from None
    if not isinstance(tokens, dict) or not all(_is_token(token) for token in tokens.values()):
        raise SetupError(
            f"The file of tokens {path} must give each account "
            f"a token of {MIN_TOKEN_CHARACTERS} characters at least."
        )
    return tokens


def _is_token(value: Any) -> bool:
    return isinstance(value, str) and len(value) >= MIN_TOKEN_CHARACTERS


def _account(written: str) -> Account:
    name, _, role_and_area = written.rpartition(":")
    role, at, area = role_and_area.partition("@")
    if role not in ROLES:
        raise SetupError(
            f"The account {written} in the file of tokens has no role; "
            f"there are {', '.join(ROLES)}."
        )
    if at and (role != "committee" or unit(area) is None):
        raise SetupError(
            f"The account {written} in the file of tokens has no area: "
            "only committees have one, by the code of a unit of 2021."
        )
    return Account(name or role_and_area, role, area)
