"""Who may call which route: bearer tokens with a role and, for committees, an area; and the one table of roles per route.

The seam for full accounts: `Accounts.of` is all that the doors ask.
"""

import fcntl
import hashlib
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Literal, get_args

import orjson
from fastapi import Request

from api.http.problems import Problem
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
EVERYBODY = frozenset(ROLES)
NOBODY_NEEDED = frozenset[Role]()

ROUTE_ROLES: Mapping[tuple[str, str], frozenset[Role]] = {
    ("POST", "/declarations"): frozenset(("declarant", "clerk", "checkpoint")),
    ("POST", "/declarations/batch"): frozenset(("declarant", "clerk")),
    ("POST", "/declarations/{declaration_id}/cancellation"): frozenset(
        ("declarant", "clerk", "checkpoint")
    ),
    ("GET", "/declarations/{declaration_id}/qr"): frozenset(("declarant", "clerk", "checkpoint")),
    ("POST", "/scans"): frozenset(("checkpoint",)),
    ("POST", "/scans/batch"): frozenset(("checkpoint", "clerk")),
    ("GET", "/scans/{scan_id}/verdict"): frozenset(("checkpoint", "clerk")),
    ("POST", "/scans/{scan_id}/override"): frozenset(("checkpoint",)),
    ("GET", "/overrides"): frozenset(("checkpoint", "committee", "analyst")),
    ("POST", "/vaccinations"): frozenset(("register",)),
    ("POST", "/vaccinations/batch"): frozenset(("register",)),
    ("POST", "/cases"): frozenset(("tracer",)),
    ("POST", "/cases/batch"): frozenset(("tracer",)),
    ("GET", "/cases"): frozenset(("tracer",)),
    ("POST", "/orders"): frozenset(("tracer", "committee", "register")),
    ("POST", "/orders/batch"): frozenset(("tracer", "committee", "register")),
    ("POST", "/presences"): frozenset(("tracer", "checkpoint", "clerk")),
    ("POST", "/presences/batch"): frozenset(("tracer", "clerk")),
    ("POST", "/tests"): frozenset(("register", "clerk", "checkpoint")),
    ("POST", "/tests/batch"): frozenset(("register", "clerk", "checkpoint")),
    ("POST", "/registry/citizens"): frozenset(("register",)),
    ("POST", "/registry/citizens/batch"): frozenset(("register",)),
    ("POST", "/registry/removals"): frozenset(("register",)),
    ("POST", "/registry/removals/batch"): frozenset(("register",)),
    ("GET", "/reference/zones"): EVERYBODY,
    ("POST", "/reference/zones/preview"): frozenset(("register", "committee")),
    ("PUT", "/reference/zones/{unit_code}"): frozenset(("register",)),
    ("PUT", "/reference/checkpoints/{checkpoint_id}"): frozenset(("register",)),
    ("GET", "/reference/policies"): EVERYBODY,
    ("PUT", "/reference/policies/{policy_id}"): frozenset(("register",)),
    ("GET", "/policies/replay"): frozenset(("register", "analyst", "committee")),
    ("POST", "/reference/zones/batch"): frozenset(("register",)),
    ("POST", "/reference/checkpoints/batch"): frozenset(("register",)),
    ("POST", "/reference/policies/batch"): frozenset(("register",)),
    ("PUT", "/reference/permits/{permit_id}"): frozenset(("register",)),
    ("POST", "/reference/permits/batch"): frozenset(("register",)),
    ("POST", "/reference/permits/extensions"): frozenset(("register",)),
    ("GET", "/reference/exposure-rules"): frozenset(("tracer", "register", "analyst")),
    ("PUT", "/reference/exposure-rules/{rules_id}"): frozenset(("tracer", "register")),
    ("POST", "/reference/exposure-rules/batch"): frozenset(("tracer", "register")),
    ("GET", "/reference/signers"): frozenset(("register", "checkpoint", "analyst")),
    ("PUT", "/reference/signers/{key_id}"): frozenset(("register",)),
    ("POST", "/reference/signers/batch"): frozenset(("register",)),
    ("GET", "/reference/sources"): EVERYBODY,
    ("PUT", "/reference/sources/{source}"): frozenset(("register", "committee")),
    ("PUT", "/reference/trust-list"): frozenset(("register",)),
    ("PUT", "/reference/revoked-certificates/{identifier_hash}"): frozenset(("register",)),
    ("POST", "/reference/revoked-certificates/batch"): frozenset(("register",)),
    ("GET", "/reference/version"): EVERYBODY,
    ("GET", "/reference/checkpoints"): EVERYBODY,
    ("GET", "/reference/checkpoints/{checkpoint_id}/next"): EVERYBODY - {"declarant"},
    ("GET", "/reference/roads/distance"): EVERYBODY - {"declarant"},
    ("GET", "/people/lookup"): frozenset(("tracer",)),
    ("GET", "/people/{person_id}/timeline"): frozenset(("tracer",)),
    ("GET", "/flags"): frozenset(("tracer", "analyst")),
    ("GET", "/flags/stream"): frozenset(("tracer", "analyst")),
    ("POST", "/traces/forward"): frozenset(("tracer",)),
    ("POST", "/traces/backward"): frozenset(("tracer",)),
    ("GET", "/traces/place"): frozenset(("tracer",)),
    ("GET", "/traces/path"): frozenset(("tracer",)),
    ("POST", "/handovers"): frozenset(("tracer",)),
    ("GET", "/handovers"): frozenset(("tracer", "committee")),
    ("GET", "/handovers/{handover_id}"): frozenset(("tracer", "committee")),
    ("POST", "/handovers/{handover_id}/acknowledgement"): frozenset(("committee", "tracer")),
    ("GET", "/cases/{case_id}/notice"): frozenset(("tracer",)),
    ("GET", "/cases/{case_id}/consequences"): frozenset(("tracer",)),
    ("GET", "/follow-ups"): frozenset(("tracer", "committee")),
    ("POST", "/follow-ups"): frozenset(("committee", "tracer", "clerk")),
    ("POST", "/follow-ups/batch"): frozenset(("committee", "tracer", "clerk")),
    ("POST", "/reveals"): frozenset(("tracer", "committee")),
    ("GET", "/reveals"): frozenset(("admin",)),
    ("GET", "/livez"): NOBODY_NEEDED,
    ("GET", "/readyz"): NOBODY_NEEDED,
    ("GET", "/metrics"): NOBODY_NEEDED,
}
"""Every route of the doors. `admin` may call each; an empty set needs no token."""


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
    """The caller; `authorise` has checked that there is one."""
    account: Account = request.state.account
    return account


async def authorise(request: Request) -> None:
    """Dependency of the whole application. A route that is missing from the table is closed to everybody."""
    allowed = ROUTE_ROLES.get((request.method, request.scope["route"].path))
    if allowed is not None and not allowed:
        return
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    account = (
        request.app.state.doors.accounts.of(token.strip()) if scheme.lower() == "bearer" else None
    )
    if account is None:
        headers = {"WWW-Authenticate": "Bearer"}
        raise Problem(
            HTTPStatus.UNAUTHORIZED,
            "unauthorised",
            "send Authorization: Bearer and a valid token",
            headers=headers,
        )
    if allowed is None or (account.role != "admin" and account.role not in allowed):
        raise Problem(
            HTTPStatus.FORBIDDEN, "forbidden", f"the role {account.role} may not call this route"
        )
    await request.app.state.doors.limits.take(account.name)
    request.state.account = account


def hash_of(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
