"""Puts load on the doors from a process of its own.

It speaks plain HTTP/1.1 over keep-alive connections on loopback, cheap enough not to be measured.
"""

import asyncio
import time
from collections.abc import Iterator, Sequence
from urllib.parse import urlsplit

CONNECTIONS = 32
BEFORE_S = 0.5
"""The connections are made in this time."""
ANSWER_S = 2.0
"""Answers may take this long.

Beyond it, connections that wait for them leave none to post what is due.
"""


async def post_all(address: str, path: str, token: str, bodies: Sequence[bytes]) -> float:
    """Posts every body once over `CONNECTIONS` connections, and returns the seconds taken.

    Raises `AssertionError` for an answer that is no success.
    """
    target, waiting = urlsplit(address), iter(bodies)
    begun = time.perf_counter()
    await asyncio.gather(
        *(
            _post_in_turn(target.hostname or "", target.port or 80, path, token, waiting)
            for _ in range(CONNECTIONS)
        )
    )
    return time.perf_counter() - begun


async def post_at_once(address: str, path: str, token: str, bodies: Sequence[bytes]) -> list[float]:
    """Posts all at the same moment, each over a connection of its own.

    Returns the seconds until the whole answer, for each.
    """
    target = urlsplit(address)
    connections = [
        await asyncio.open_connection(target.hostname or "", target.port or 80) for _ in bodies
    ]
    begun = time.perf_counter()

    async def posted(
        body: bytes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> float:
        writer.write(_head(target.hostname or "", path, token, body) + body)
        await _read_answer(reader)
        writer.close()
        return time.perf_counter() - begun

    return await asyncio.gather(
        *(posted(body, *connection) for body, connection in zip(bodies, connections, strict=True))
    )


async def post_paced(
    address: str, path: str, token: str, bodies: Sequence[bytes], per_second: float
) -> list[float]:
    """Posts each body when it is due, however long the answers before it take.

    Returns the seconds from then to the whole answer, for each.
    """
    target, taken, begun = urlsplit(address), list[float](), time.perf_counter() + BEFORE_S
    connections = max(CONNECTIONS, round(per_second * ANSWER_S))
    waiting = ((begun + number / per_second, body) for number, body in enumerate(bodies))
    await asyncio.gather(
        *(
            _post_when_due(target.hostname or "", target.port or 80, path, token, waiting, taken)
            for _ in range(connections)
        )
    )
    return taken


async def _post_when_due(
    host: str,
    port: int,
    path: str,
    token: str,
    waiting: Iterator[tuple[float, bytes]],
    taken: list[float],
) -> None:
    reader, writer = await asyncio.open_connection(host, port)
    for due, body in waiting:
        await asyncio.sleep(max(0.0, due - time.perf_counter()))
        writer.write(_head(host, path, token, body) + body)
        answer = await _read_answer(reader)
        taken.append(time.perf_counter() - due)
        assert b'"decision"' in answer, answer[:200]
    writer.close()


async def _post_in_turn(
    host: str, port: int, path: str, token: str, waiting: Iterator[bytes]
) -> None:
    reader, writer = await asyncio.open_connection(host, port)
    for body in waiting:
        writer.write(_head(host, path, token, body) + body)
        await _read_answer(reader)
    writer.close()


def _head(host: str, path: str, token: str, body: bytes) -> bytes:
    lines = (
        f"POST {path} HTTP/1.1",
        f"Host: {host}",
        f"Authorization: Bearer {token}",
        "Content-Type: application/json",
        f"Content-Length: {len(body)}",
    )
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


async def _read_answer(reader: asyncio.StreamReader) -> bytes:
    head = (await reader.readuntil(b"\r\n\r\n")).lower()
    assert head[9:12] in (b"200", b"202"), head[:200]
    length = int(head.split(b"content-length:", 1)[1].split(b"\r\n", 1)[0])
    return await reader.readexactly(length)
