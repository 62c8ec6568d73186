"""Asks a part from outside for its work: Kafka for metadata, ClickHouse for a query's result.

A socket that accepts shows nothing: the kernel accepts for a process that is frozen.
"""

import http.client
import socket

from infra.settings import Settings

CONNECT_S = 0.5
RESPONSE_S = 2.0
NOT_KNOWN = (b"Code: 60.", b"Code: 81.")
"""ClickHouse's errors for a table, and for a database, that is not there."""


def listens(host: str, port: int) -> bool:
    try:
        with socket.create_connection((host, port), CONNECT_S):
            return True
    except OSError:
        return False


def kafka_answers(settings: Settings) -> bool:
    """Returns whether the broker answers a metadata request, and names brokers."""
    if not listens(settings.host, settings.kafka_port):
        return False  # at once: a client would go on trying to connect
    from confluent_kafka import KafkaException
    from confluent_kafka.admin import AdminClient

    admin = AdminClient({"bootstrap.servers": settings.kafka, "log_level": 0})
    try:
        return bool(admin.list_topics(timeout=RESPONSE_S).brokers)
    except KafkaException:
        return False


def clickhouse_answers(settings: Settings) -> bool:
    return clickhouse_version(settings) is not None


def clickhouse_version(settings: Settings) -> str | None:
    """Returns the result of a query for the version; None when it does not answer."""
    query = "/?query=SELECT%20version()"
    body = body_of(settings.host, settings.clickhouse_port, query, _reader(settings))
    return body.decode().strip() if body else None


def clickhouse_lacks_tables(settings: Settings) -> bool:
    """Returns whether ClickHouse says that it knows no such database or table."""
    query = f"/?database={settings.clickhouse_database}&query=SELECT%20count()%20FROM%20positions"
    response = _response(settings.host, settings.clickhouse_port, query, _reader(settings))
    return response is not None and response[1].startswith(NOT_KNOWN)


def _reader(settings: Settings) -> dict[str, str]:
    return {
        "X-ClickHouse-User": "reader",
        "X-ClickHouse-Key": settings.clickhouse_reader_password.get_secret_value(),
    }


def answers(host: str, port: int, path: str) -> bool:
    return body_of(host, port, path) is not None


def body_of(host: str, port: int, path: str, headers: dict[str, str] | None = None) -> bytes | None:
    """Returns the response's body; None when nothing came, or anything but 200."""
    response = _response(host, port, path, headers)
    return response[1] if response and response[0] == http.client.OK else None


def refusal_of(host: str, port: int, path: str) -> str | None:
    """Returns the text that comes with 503; None for any other response."""
    response = _response(host, port, path)
    if response is None or response[0] != http.client.SERVICE_UNAVAILABLE:
        return None
    return response[1].decode(errors="replace").strip()


def _response(
    host: str, port: int, path: str, headers: dict[str, str] | None = None
) -> tuple[int, bytes] | None:
    connection = http.client.HTTPConnection(host, port, timeout=RESPONSE_S)
    try:
        connection.request("GET", path, headers=headers or {})
        response = connection.getresponse()
        return response.status, response.read()
    except (OSError, http.client.HTTPException):
        return None
    finally:
        connection.close()
