"""Looks from outside whether something listens on a port, or answers an HTTP path with 200."""

import http.client
import socket

CONNECT_S = 0.5
RESPONSE_S = 2.0


def listens(host: str, port: int) -> bool:
    try:
        with socket.create_connection((host, port), CONNECT_S):
            return True
    except OSError:
        return False


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
