"""Connects to ClickHouse over its HTTP interface, as one of the two accounts."""

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
    """Returns a client whose requests take at most `timeout_s`; the settings have the default.

    Raises `Unavailable` if ClickHouse does not answer in that time.
    """
    arguments = connection(settings, account, database, timeout_s or settings.request_timeout_s)
    try:
        return clickhouse_connect.get_client(**arguments)
    except AWAY as error:
        raise Unavailable("clickhouse", type(error).__name__) from error


def connection(
    settings: Settings, account: Account, database: str | None, timeout_s: float
) -> dict[str, Any]:
    """Returns the arguments of clickhouse-connect's client, sync or async.

    There is no session, so that one client serves concurrent callers.
    """
    passwords = {
        "writer": settings.clickhouse_writer_password,
        "reader": settings.clickhouse_reader_password,
    }
    return {
        "dsn": settings.clickhouse,
        "username": account,
        "password": passwords[account].get_secret_value(),
        "database": settings.clickhouse_database if database is None else database,
        "connect_timeout": timeout_s,
        "send_receive_timeout": timeout_s,
        "query_retries": 0,
        "autogenerate_session_id": False,
    }
