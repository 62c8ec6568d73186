"""A TCP proxy between one client and one server lets bytes through, or late, or not at all."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

CHUNK = 1 << 16
HELD_S = 0.02


class Proxy:
    """Listens from the start, and passes bytes both ways.

    `swallow` sees what a client sends. Where it returns true, the answer is never passed on: the
    connection ends after the server has begun to answer.
    """

    def __init__(self, host: str, target_port: int) -> None:
        self._target = (host, target_port)
        self._server = socket.create_server((host, 0))
        self._open: set[socket.socket] = set()
        self._lock = threading.Lock()
        self.port: int = self._server.getsockname()[1]
        self.delay_s = 0.0
        self.swallow: Callable[[bytes], bool] = lambda _sent: False
        self.swallowed = 0
        self._refusing, self._silent = threading.Event(), threading.Event()
        threading.Thread(target=self._accept, name="proxy", daemon=True).start()

    @contextmanager
    def refusing(self) -> Iterator[None]:
        """Ends every connection at once, those that are open included."""
        self._refusing.set()
        self._end_all()
        try:
            yield
        finally:
            self._refusing.clear()

    @contextmanager
    def silent(self) -> Iterator[None]:
        """Keeps connections, and lets nothing pass either way, as a cable pulled out would."""
        self._silent.set()
        try:
            yield
        finally:
            self._silent.clear()

    @contextmanager
    def late(self, delay_s: float) -> Iterator[None]:
        """Holds every piece of every answer back this long."""
        self.delay_s = delay_s
        try:
            yield
        finally:
            self.delay_s = 0.0

    def close(self) -> None:
        self._server.close()
        self._end_all()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._server.accept()
                threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        if self._refusing.is_set():
            return client.close()
        try:
            server = socket.create_connection(self._target, timeout=5)
        except OSError:
            return client.close()
        server.settimeout(None)
        with self._lock:
            self._open |= {client, server}
        answer_is_lost = threading.Event()
        threading.Thread(
            target=self._pump, args=(client, server, answer_is_lost, True), daemon=True
        ).start()
        self._pump(server, client, answer_is_lost, False)
        return None

    def _pump(
        self, source: socket.socket, sink: socket.socket, lost: threading.Event, is_question: bool
    ) -> None:
        with suppress(OSError):
            while data := source.recv(CHUNK):
                while self._silent.is_set():
                    time.sleep(HELD_S)
                if is_question and self.swallow(data):
                    lost.set()
                if not is_question:
                    time.sleep(self.delay_s)
                    if lost.is_set():
                        self.swallowed += 1
                        break
                sink.sendall(data)
        self._end(source, sink)

    def _end(self, *sockets: socket.socket) -> None:
        with self._lock:
            self._open -= set(sockets)
        for end in sockets:
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()

    def _end_all(self) -> None:
        with self._lock:
            sockets = list(self._open)
        self._end(*sockets)
