"""A request names its account in one of three ways; all others are refused alike."""

import base64

import pytest

from infra.chdb_server.accounts import Account, authenticate, digest
from infra.chdb_server.errors import ClickHouseError

ACCOUNTS = {
    "writer": Account("writer", digest("w-secret")),
    "reader": Account("reader", digest("r-secret")),
}


def basic(credentials: str) -> dict[str, str]:
    return {"authorization": "Basic " + base64.b64encode(credentials.encode()).decode()}


@pytest.mark.parametrize(
    ("headers", "params"),
    [
        (basic("reader:r-secret"), {}),
        ({"x-clickhouse-user": "reader", "x-clickhouse-key": "r-secret"}, {}),
        ({}, {"user": "reader", "password": "r-secret"}),
    ],
)
def test_an_account_is_known_by_basic_headers_or_parameters(
    headers: dict[str, str], params: dict[str, str]
) -> None:
    assert authenticate(ACCOUNTS, headers, params).role == "reader"


@pytest.mark.parametrize(
    ("headers", "params"),
    [
        ({}, {}),
        (basic("default:"), {}),
        (basic("writer:r-secret"), {}),
        (basic("writer:"), {}),
        ({"authorization": "Basic ???"}, {}),
        ({"authorization": "Bearer w-secret"}, {}),
        ({"x-clickhouse-user": "writer"}, {"password": "w-secret"}),
        ({}, {"user": "nobody", "password": "w-secret"}),
    ],
)
def test_anyone_else_is_refused_with_clickhouses_own_code(
    headers: dict[str, str], params: dict[str, str]
) -> None:
    with pytest.raises(ClickHouseError) as refused:
        authenticate(ACCOUNTS, headers, params)
    assert (refused.value.code, refused.value.status) == (516, 403)
