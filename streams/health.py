"""Health and metrics of one stage process: `/livez`, `/readyz`, `/log` and `/metrics`.

They are served on a port of their own, beside the event loop.
"""

import threading
from collections.abc import Callable, Sequence
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import msgspec
import structlog
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from streams.dead_letters import DeadLetters
from streams.positions import Misfit

log = structlog.get_logger()


class LogReport(msgspec.Struct, frozen=True):
    """What a worker found when it held its positions against the broker's log."""

    newest_epoch: int | None
    """None means that the worker has not checked yet."""
    misfits: list[Misfit]


class Health:
    """A stage is ready when partitions were assigned and nothing holds, delays or stops it."""

    def __init__(self, dead_letters: DeadLetters) -> None:
        self._dead_letters = dead_letters
        self.assigned = False
        self.waits_for: str | None = None
        """Why the stage has not started yet, as a sentence."""
        self.stopped_for: str | None = None
        self.newest_epoch: int | None = None
        """The newest epoch at the last check of the log; None before the first check."""
        self.make_checkpoint: Callable[[], None] | None = None
        self.misfits: Sequence[Misfit] = ()
        """Positions that the broker's log did not continue at the last check."""

    def not_ready_because(self) -> str | None:
        for reason in (self._dead_letters.held_because(), self.stopped_for, self.waits_for):
            if reason:
                return reason
        return None if self.assigned else "no partitions assigned yet"

    def serve(self, host: str, port: int) -> ThreadingHTTPServer:
        health = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                status, content_type, body = health.response(self.path)
                self.send_response(status)
                self.send_header("Content-Type", content_type)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def do_POST(self) -> None:
                status, body = health.made_checkpoint(self.path)
                self.send_response(status)
                self.send_header("Content-Type", "text/plain; charset=utf-8")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 -- the base class's name
                """Logs nothing: health checks are not worth a line each."""

        server = ThreadingHTTPServer((host, port), Handler)
        threading.Thread(target=server.serve_forever, name="health", daemon=True).start()
        return server

    def response(self, path: str) -> tuple[HTTPStatus, str, bytes]:
        match path:
            case "/livez":
                return HTTPStatus.OK, "text/plain", b"live\n"
            case "/metrics":
                return HTTPStatus.OK, CONTENT_TYPE_LATEST, generate_latest()
            case "/readyz":
                reason = self.not_ready_because()
                status = HTTPStatus.OK if reason is None else HTTPStatus.SERVICE_UNAVAILABLE
                return status, "text/plain; charset=utf-8", f"{reason or 'ready'}\n".encode()
            case "/log":
                return HTTPStatus.OK, "application/json", self._log_report()
        return HTTPStatus.NOT_FOUND, "text/plain", b"there are /livez, /readyz, /log and /metrics\n"

    def made_checkpoint(self, path: str) -> tuple[HTTPStatus, bytes]:
        """Makes a checkpoint of the stage's state beside it, for a backup that is under way."""
        if path != "/checkpoint" or self.make_checkpoint is None:
            return HTTPStatus.NOT_FOUND, b"a stage with a state has /checkpoint\n"
        try:
            self.make_checkpoint()
        except Exception as error:
            log.exception("a checkpoint cannot be made")
            return HTTPStatus.INTERNAL_SERVER_ERROR, f"{type(error).__name__}\n".encode()
        return HTTPStatus.OK, b"made\n"

    def _log_report(self) -> bytes:
        """Returns what `dibiendong adopt-log` needs to know of this worker."""
        return msgspec.json.encode(LogReport(self.newest_epoch, list(self.misfits)))
