"""A client does what libraries do not: it sends a request in any pieces.

It takes of the answer as much as it likes.
"""

import socket
from collections.abc import Iterable
from contextlib import suppress
from typing import Self

from tests.waiting import BOUND_S

GONE = (ConnectionResetError, BrokenPipeError)


class RawClient:
    def __init__(self, port: int, *, timeout_s: float = 60.0, takes_little: bool = False) -> None:
        self.socket = socket.socket()
        if takes_little:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        self.socket.settimeout(timeout_s)
        self.socket.connect(("127.0.0.1", port))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.socket.close()

    @property
    def port(self) -> int:
        port: int = self.socket.getsockname()[1]
        return port

    def say(self, data: bytes) -> bool:
        """Returns whether the server still takes the data."""
        try:
            self.socket.sendall(data)
        except (*GONE, TimeoutError):
            return False
        return True

    def stream(self, pieces: Iterable[bytes]) -> int:
        """Sends until the server answers or leaves; returns the number of bytes that went out."""
        sent = 0
        for piece in pieces:
            if self.heard() or not self.say(piece):
                break
            sent += len(piece)
        return sent

    def heard(self) -> bool:
        """Returns whether there is an answer, or an end, to read."""
        self.socket.setblocking(False)
        try:
            self.socket.recv(1, socket.MSG_PEEK)
        except BlockingIOError:
            return False
        except GONE:
            return True
        finally:
            self.socket.settimeout(BOUND_S)
        return True

    def status(self) -> int:
        """Returns the status of the answer; 0 if the server left without one."""
        answer = b""
        with suppress(*GONE):
            while b"\r\n" not in answer and (piece := self.socket.recv(4096)):
                answer += piece
        return int(answer.split(b" ", 2)[1]) if answer.startswith(b"HTTP/") else 0

    def rest(self) -> int:
        """Returns how many bytes come until the server ends the connection."""
        size = 0
        with suppress(*GONE):
            while piece := self.socket.recv(1 << 16):
                size += len(piece)
        return size


def head(method: str, path: str, **headers: str) -> bytes:
    lines = [
        f"{method} {path} HTTP/1.1",
        "Host: here",
        *(f"{name.replace('_', '-')}: {value}" for name, value in headers.items()),
    ]
    return "\r\n".join(lines).encode() + b"\r\n\r\n"


def chunk(data: bytes) -> bytes:
    """Returns a chunk of a body whose length is not announced."""
    return b"%x\r\n%s\r\n" % (len(data), data)
