"""The accounts that may call each route: the table computed from the routes is the reviewed one."""

import json
from http import HTTPStatus
from importlib import import_module
from pathlib import Path
from typing import Annotated

import pytest
from fastapi import APIRouter
from fastapi.routing import APIRoute

import api
from api.accounts.access import required_roles, requires, role_table
from api.accounts.accounts import Account
from api.app import ROUTES, api_routes
from api.http.limits import RateLimits
from api.http.problems import Problem
from tests.api.conftest import Bench

REVIEWED = Path(__file__).with_name("route_roles.json")
"""Every route with the roles that may call it besides `admin`; none where no token is needed."""
ROLES_OF_ROUTES = role_table(api_routes())
FORGOTTEN = APIRouter()


@FORGOTTEN.get("/forgotten")
async def forgotten() -> None:
    """A route whose author forgot to say who may call it."""


def undeclared(routes: list[APIRoute]) -> list[str]:
    return [route.path for route in routes if required_roles(route) is None]


def test_every_route_declares_who_may_call_it() -> None:
    assert undeclared(list(api_routes())) == []


def test_the_guard_of_declarations_bites() -> None:
    routes = [route for route in FORGOTTEN.routes if isinstance(route, APIRoute)]
    assert undeclared(routes) == ["/forgotten"]


def test_the_computed_table_of_roles_is_the_reviewed_one() -> None:
    computed = {
        f"{method} {path}": sorted(roles) for (method, path), roles in ROLES_OF_ROUTES.items()
    }
    assert computed == json.loads(REVIEWED.read_text(encoding="utf-8"))


def test_a_route_that_declares_nobody_is_closed_to_each_role(bench_with_own_doors: Bench) -> None:
    bench = bench_with_own_doors
    bench.app.include_router(FORGOTTEN)
    assert bench.client.get("/forgotten").status_code == 401
    for role in ("admin", "register", "analyst"):
        assert bench.call("GET", "/forgotten", role).status_code == 403


def test_a_requirement_without_a_role_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="name a role"):
        requires()


@pytest.mark.parametrize(
    ("method", "path"), [route for route, roles in ROLES_OF_ROUTES.items() if roles]
)
def test_every_route_is_closed_without_a_token_and_to_the_wrong_role(
    bench: Bench, method: str, path: str
) -> None:
    address = path.replace("{", "").replace("}", "")
    without_token = bench.client.request(method, address)
    assert without_token.status_code == 401
    assert without_token.headers["www-authenticate"] == "Bearer"
    assert bench.call(method, address, "nobody").status_code == 401
    allowed = ROLES_OF_ROUTES[method, path]
    wrong = next((role for role in ("analyst", "declarant") if role not in allowed), None)
    if wrong is not None:
        assert bench.call(method, address, wrong).status_code == 403


def test_token_role_and_rate_are_checked_in_this_order_and_before_the_fields(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    counted: list[str] = []

    async def refuse_clerks(self: RateLimits, account: str) -> None:
        counted.append(account)
        if account == "clerk":
            raise Problem(HTTPStatus.TOO_MANY_REQUESTS, "too-many-requests", "once more")

    monkeypatch.setattr(RateLimits, "take", refuse_clerks)
    assert bench.client.post("/declarations", json={}).status_code == 401
    assert bench.post("/declarations", {}, "analyst").status_code == 403
    assert counted == []
    assert bench.post("/declarations", {}, "clerk").status_code == 429
    assert bench.post("/declarations", {}, "declarant").status_code == 422
    assert counted == ["clerk", "declarant"]


def test_a_route_is_given_the_account_that_calls_it(bench_with_own_doors: Bench) -> None:
    bench = bench_with_own_doors
    router = APIRouter()

    @router.get("/caller")
    async def caller(account: Annotated[Account, requires("clerk")]) -> str:
        return account.name

    bench.app.include_router(router)
    assert bench.call("GET", "/caller", "clerk").json() == "clerk"
    assert bench.call("GET", "/caller", "tracer").status_code == 403


def test_every_router_is_in_the_table_of_routes() -> None:
    root = Path(api.__file__).parent
    left_out = []
    for path in sorted(root.rglob("*.py")):
        name = ".".join(path.relative_to(root.parent).with_suffix("").parts)
        if path.name.startswith("__"):
            continue
        router = getattr(import_module(name), "router", None)
        if isinstance(router, APIRouter) and router not in ROUTES:
            left_out.append(name)
    assert left_out == []
