"""Load on the doors from a process of its own: plain HTTP/1.1 over keep-alive connections on loopback, cheap enough not to be measured."""

import asyncio
import time
from collections.abc import Sequence
from urllib.parse import urlsplit

CONNECTIONS = 32


async def post_all(address: str, path: str, token: str, bodies: Sequence[bytes]) -> float:
    """Posts every body once over `CONNECTIONS` connections; seconds taken. Raises `AssertionError` for an answer that is no success."""
    target, waiting = urlsplit(address), iter(bodies)
    begun = time.perf_counter()
    await asyncio.gather(*(_post_in_turn(target.hostname or "", target.port or 80, path, token, waiting) for _ in range(CONNECTIONS)))
    return time.perf_counter() - begun


async def _post_in_turn(host: str, port: int, path: str, token: str, waiting: "object") -> None:
    reader, writer = await asyncio.open_connection(host, port)
    head = f"POST {path} HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {token}\r\nContent-Type: application/json\r\nContent-Length: "
    for body in waiting:  # type: ignore[attr-defined] # one iterator shared by all connections
        writer.write(head.encode() + str(len(body)).encode() + b"\r\n\r\n" + body)
        await _read_answer(reader)
    writer.close()


async def _read_answer(reader: asyncio.StreamReader) -> None:
    head = (await reader.readuntil(b"\r\n\r\n")).lower()
    assert head[9:12] in (b"200", b"202"), head[:200]
    length = int(head.split(b"content-length:", 1)[1].split(b"\r\n", 1)[0])
    await reader.readexactly(length)
