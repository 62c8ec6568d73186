"""Health and metrics of one stage process: `/livez`, `/readyz`, `/log` and `/metrics`.

They are served on a port of their own, beside the event loop.
"""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import msgspec
import structlog
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from streams.dead_letters import DeadLetters
from streams.membership import Membership
from streams.positions import Misfit

BLOCKED_S = 5.0
"""An event loop that is silent for longer is held up; shorter folds are everyday work."""
log = structlog.get_logger()


class LogReport(msgspec.Struct, frozen=True):
    """What a worker found when it held its positions against the broker's log."""

    newest_epoch: int | None
    """The newest epoch of the cluster or of a position. None: the worker has not checked yet."""
    misfits: list[Misfit]


class Health:
    """A stage is ready when partitions were assigned and nothing holds, delays or stops it.

    It is also not ready while it folds one batch for long, or while the broker does not confirm
    that it is in its group. `streams/watchdog.py` notes what this process cannot see of itself.
    """

    def __init__(
        self,
        dead_letters: DeadLetters,
        session_timeout_s: float,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._dead_letters = dead_letters
        self._session_timeout_s = session_timeout_s
        self._clock = clock
        self._batches_in_work = 0
        self.assigned = False
        self.waits_for: str | None = None
        """Why the stage has not started yet, as a sentence."""
        self.stopped_for: str | None = None
        self.newest_epoch: int | None = None
        """The newest epoch that the cluster or a position knew at the last check of the log.

        None before the first check.
        """
        self.make_checkpoint: Callable[[], None] | None = None
        self.misfits: Sequence[Misfit] = ()
        """Positions that the broker's log did not continue at the last check."""
        self.membership: Membership | None = None
        """The membership of the stage's consumer, once there is one."""
        self.loop_silent_s = 0.0
        """How long the event loop has not run anything that was given to it."""
        self.hangs_because: str | None = None
        """Why the process hangs and is to be replaced, as a sentence."""

    def not_ready_because(self) -> str | None:
        reasons = (
            self._dead_letters.held_because(),
            self.stopped_for,
            self.waits_for,
            self.hangs_because,
            self._busy_because(),
        )
        for reason in reasons:
            if reason:
                return reason
        return self._unconfirmed_because() if self.assigned else "no partitions assigned yet"

    @property
    def is_folding(self) -> bool:
        """Returns whether the event loop is held up by a batch, which is work."""
        return self._batches_in_work > 0 and self.loop_silent_s > 0

    @contextmanager
    def batch_in_work(self) -> Iterator[None]:
        self._batches_in_work += 1
        try:
            yield
        finally:
            self._batches_in_work -= 1

    def _busy_because(self) -> str | None:
        if self.loop_silent_s < BLOCKED_S:
            return None
        work = "busy with a batch" if self.is_folding else "its event loop has been silent"
        return f"{work} for {self.loop_silent_s:.0f} s"

    def _unconfirmed_because(self) -> str | None:
        """Returns for how long the broker has not confirmed the membership, if that is too long."""
        if self.membership is None:
            return None
        unconfirmed_s = self._clock() - self.membership.confirmed_at
        if unconfirmed_s <= self._session_timeout_s:
            return None
        return f"the broker has not confirmed for {unconfirmed_s:.0f} s that it is in its group"

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
                return self._verdict(self.hangs_because, "live")
            case "/metrics":
                return HTTPStatus.OK, CONTENT_TYPE_LATEST, generate_latest()
            case "/readyz":
                return self._verdict(self.not_ready_because(), "ready")
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

    def _verdict(self, reason: str | None, well: str) -> tuple[HTTPStatus, str, bytes]:
        status = HTTPStatus.OK if reason is None else HTTPStatus.SERVICE_UNAVAILABLE
        return status, "text/plain; charset=utf-8", f"{reason or well}\n".encode()

    def _log_report(self) -> bytes:
        """Returns what `dibiendong adopt-log` needs to know of this worker."""
        return msgspec.json.encode(LogReport(self.newest_epoch, list(self.misfits)))
