"""Connections to ClickHouse over its HTTP interface, as one of the two accounts."""

from typing import Any, Literal

import clickhouse_connect
from clickhouse_connect.driver.client import Client
from clickhouse_connect.driver.exceptions import ClickHouseError
from urllib3.exceptions import HTTPError

from infra.errors import Unavailable
from infra.settings import Settings

Account = Literal["writer", "reader"]
AWAY = (ClickHouseError, HTTPError, OSError)


def connect(
    settings: Settings,
    account: Account,
    *,
    database: str | None = None,
    timeout_s: float | None = None,
) -> Client:
    """Raises `Unavailable` if ClickHouse does not answer within `timeout_s` (default: the settings' request timeout)."""
    try:
        return clickhouse_connect.get_client(
            **connection(settings, account, database, timeout_s or settings.request_timeout_s)
        )
    except AWAY as error:
        raise Unavailable("clickhouse", type(error).__name__) from error


def connection(
    settings: Settings, account: Account, database: str | None, timeout_s: float
) -> dict[str, Any]:
    """Arguments of clickhouse-connect's client, sync or async. No session: one client serves concurrent callers."""
    secret = (
        settings.clickhouse_writer_password
        if account == "writer"
        else settings.clickhouse_reader_password
    )
    return {
        "dsn": settings.clickhouse,
        "username": account,
        "password": secret.get_secret_value(),
        "database": settings.clickhouse_database if database is None else database,
        "connect_timeout": timeout_s,
        "send_receive_timeout": timeout_s,
        "query_retries": 0,
        "autogenerate_session_id": False,
    }
