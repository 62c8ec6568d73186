"""Decides who may call a route: its signature says so; one that says nothing is closed to all."""

from collections.abc import Iterable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from fastapi import Depends, Request
from fastapi.routing import APIRoute

from api.accounts.accounts import ROLES, Account, Role
from api.http.problems import Problem

EVERY_ROLE = frozenset(ROLES)
NO_TOKEN_NEEDED = frozenset[Role]()
RoleTable = dict[tuple[str, str], frozenset[Role]]
"""The roles that may call a route, by its method and path; `NO_TOKEN_NEEDED` where all may."""


def requires(*roles: Role) -> Any:
    """Returns the dependency that gives a route its caller, of one of `roles` or `admin`.

    A route takes it in its signature: `account: Annotated[Account, requires("tracer")]`.
    """
    if not roles:
        raise ValueError("name a role; a route for everyone depends on open_to_anyone")
    return Depends(Requires(frozenset(roles)))


@dataclass(frozen=True)
class Requires:
    """Checks the token, the role and the rate of requests, in this order."""

    roles: frozenset[Role]

    async def __call__(self, request: Request) -> Account:
        """Raises `Problem`: 401 without a valid token, 403 for another role, 429 when too fast."""
        account = _authenticated(request)
        if account.role != "admin" and account.role not in self.roles:
            raise _forbidden(account)
        await request.app.state.services.limits.take(account.name)
        return account


async def open_to_anyone() -> None:
    """Declares, as a dependency of a route, that the route needs no token."""


async def refuse_undeclared(request: Request) -> None:
    """Refuses every caller of a route that declares nobody: somebody forgot to say who may call it.

    The whole application depends on it.
    """
    if required_roles(request.scope["route"]) is None:
        raise _forbidden(_authenticated(request))


def required_roles(route: APIRoute) -> frozenset[Role] | None:
    """Returns the roles that a route declares; None where it declares nothing."""
    for dependency in route.dependant.dependencies:
        if isinstance(dependency.call, Requires):
            return dependency.call.roles
        if dependency.call is open_to_anyone:
            return NO_TOKEN_NEEDED
    return None


def role_table(routes: Iterable[APIRoute]) -> RoleTable:
    """Returns what the routes declare; a route that declares nothing is left out."""
    table: RoleTable = {}
    for route in routes:
        roles = required_roles(route)
        if roles is None:
            continue
        for method in route.methods or ():
            table[method, route.path] = roles
    return table


def _authenticated(request: Request) -> Account:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    account: Account | None = None
    if scheme.lower() == "bearer":
        account = request.app.state.services.accounts.of(token.strip())
    if account is None:
        raise Problem(
            HTTPStatus.UNAUTHORIZED,
            "unauthorised",
            "send Authorization: Bearer and a valid token",
            headers={"WWW-Authenticate": "Bearer"},
        )
    return account


def _forbidden(account: Account) -> Problem:
    detail = f"the role {account.role} may not call this route"
    return Problem(HTTPStatus.FORBIDDEN, "forbidden", detail)
