"""The ASGI application: its routes, and the life of a request from first byte to freed query."""

import asyncio
import logging
import time
from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import suppress
from pathlib import Path
from typing import Any

from infra.chdb_server.accounts import Account, authenticate
from infra.chdb_server.engine import Engine, Outcome
from infra.chdb_server.errors import ClickHouseError, ClientGoneError, refusal
from infra.chdb_server.pipes import Body, Receive, ResultPipe
from infra.chdb_server.policy import Policy
from infra.chdb_server.reply import Reply, Send
from infra.chdb_server.request import Request, read_request
from infra.chdb_server.sessions import Session, Sessions, timeout_of
from infra.chdb_server.work import Work, perform

logger = logging.getLogger("infra.chdb_server")

WORKERS = 32
MAX_CONCURRENT = 256
"""Requests beyond the workers wait for one; requests beyond this number are refused."""
KILL_AGAIN_S = 0.2
CLOSE_WITHIN_S = 5.0
ALIVE = {"/ping", "/replicas_status"}


class Application:
    """Serves one engine.

    The engine works on threads. Everything else, sessions included, lives on the event loop.
    """

    def __init__(
        self, engine: Engine, accounts: Mapping[str, Account], spool_directory: Path
    ) -> None:
        self.engine = engine
        self.accounts = accounts
        self.policy = Policy(engine)
        self.sessions = Sessions(engine)
        self.spool_directory = spool_directory
        self.workers = ThreadPoolExecutor(WORKERS, "query")
        self.controls = ThreadPoolExecutor(1, "control")
        self.running: set[str] = set()
        self.jobs: set[Future[Outcome]] = set()
        self.identity = {
            "X-ClickHouse-Server-Display-Name": "local",
            "X-ClickHouse-Timezone": engine.timezone,
        }

    async def __call__(self, scope: Mapping[str, Any], receive: Receive, send: Send) -> None:
        request = read_request(scope)
        if _asks_whether_alive(request):
            await _plain(send, 200, b"Ok.\n")
        elif request.path == "/":
            await self._answer(request, receive, send)
        else:
            await _plain(send, 404, b"There is no handle " + request.path.encode() + b"\n")

    async def _answer(self, request: Request, receive: Receive, send: Send) -> None:
        pipe = ResultPipe()
        body = Body(receive)
        unauthenticated = Account("reader", "no password")
        work = Work(request, unauthenticated, Session(self.engine, "reader"), body.chunks())
        done: asyncio.Future[Outcome] = asyncio.get_running_loop().create_future()
        reply = Reply(
            work, pipe, done, send, self.identity, self.engine.version, self.spool_directory
        )
        try:
            work.account = authenticate(self.accounts, request.headers, request.params)
            _refuse_unsupported(request)
            self._refuse_too_many(request.query_id)
            await self._in_session(work, reply, body)
        except ClickHouseError as error:
            if not reply.begun:
                await reply.error(error)
        except Exception as error:  # the outermost guard: the server goes on after its own fault
            logger.exception("fault while answering a request")
            if not reply.begun:
                await reply.error(refusal("UNKNOWN_EXCEPTION", f"{type(error).__name__}: {error}"))
        finally:
            pipe.close()

    def _refuse_too_many(self, query_id: str) -> None:
        if query_id in self.running:
            raise refusal(
                "QUERY_WITH_SAME_ID_IS_ALREADY_RUNNING",
                f"Query with id = {query_id} is already running",
            )
        if len(self.running) >= MAX_CONCURRENT:
            raise refusal(
                "TOO_MANY_SIMULTANEOUS_QUERIES",
                f"Too many simultaneous queries. Maximum: {MAX_CONCURRENT}",
            )

    async def _in_session(self, work: Work, reply: Reply, body: Body) -> None:
        """Runs the request in the session it names, or in a borrowed one."""
        role = work.account.role
        session_id = work.request.params.get("session_id")
        if not session_id:
            work.session = self.sessions.borrow(role)
            try:
                await self._execute(work, reply, body)
            finally:
                self.sessions.bring_back(work.session, unchanged=work.unchanged)
            return
        timeout_s = timeout_of(work.request.params.get("session_timeout"))
        must_exist = work.request.flag("session_check")
        work.session = self.sessions.lock(role, session_id, must_exist=must_exist)
        try:
            await self._execute(work, reply, body)
        finally:
            self.sessions.release(role, session_id, timeout_s)

    async def _execute(self, work: Work, reply: Reply, body: Body) -> None:
        """Returns when the worker has ended, whatever became of the client."""
        self.running.add(work.request.query_id)
        try:
            await body.read_ahead()
            await self._on_worker(work, reply, body)
        except ClientGoneError:
            pass
        finally:
            self.running.discard(work.request.query_id)

    async def _on_worker(self, work: Work, reply: Reply, body: Body) -> None:
        work.into = reply.pipe.hand_over()
        job = self.workers.submit(perform, work, self.policy)
        self.jobs.add(job)
        job.add_done_callback(self.jobs.discard)
        reply.done = asyncio.wrap_future(job)
        watch = asyncio.create_task(self._watch(work, reply, body))
        try:
            await reply.run()
        finally:
            watch.cancel()
            await self._end(work, reply)

    async def _watch(self, work: Work, reply: Reply, body: Body) -> None:
        """Kills the query of a client that leaves while the engine works for it.

        The reply goes on without a reader until then.
        """
        await body.gone()
        await self._kill(work, reply)

    async def _end(self, work: Work, reply: Reply) -> None:
        if not reply.done.done():
            drain = asyncio.create_task(reply.pipe.drain())
            await self._kill(work, reply)
            drain.cancel()
        with suppress(ClickHouseError, ClientGoneError):
            reply.done.result()

    async def _kill(self, work: Work, reply: Reply) -> None:
        """Kills the query until it has ended.

        Once is not enough: the engine may not have begun, and it notices a kill only when its rows
        are taken from it.
        """
        work.abandoned = True
        loop = asyncio.get_running_loop()
        while not reply.done.done():
            await loop.run_in_executor(self.controls, self.engine.cancel, work.request.query_id)
            await asyncio.wait([reply.done], timeout=KILL_AGAIN_S)

    def close(self) -> bool:
        """Ends what still runs, and returns whether all of it ended in time.

        Call `close` only after the event loop is gone.
        """
        self.workers.shutdown(wait=False, cancel_futures=True)
        deadline = time.monotonic() + CLOSE_WITHIN_S
        while self.jobs and time.monotonic() < deadline:
            self.engine.cancel_all()
            wait(self.jobs, timeout=KILL_AGAIN_S)
        if self.jobs:
            return False
        self.controls.shutdown()
        self.sessions.close()
        self.engine.close()
        return True


def _asks_whether_alive(request: Request) -> bool:
    if request.path in ALIVE:
        return True
    return request.path == "/" and request.method == "GET" and not request.params.get("query")


def _refuse_unsupported(request: Request) -> None:
    if request.flag("compress") or request.flag("decompress"):
        raise refusal(
            "NOT_IMPLEMENTED",
            "compress and decompress are not supported here: "
            "use Content-Encoding and Accept-Encoding",
        )
    if role := request.params.get("role"):
        raise refusal("SET_NON_GRANTED_ROLE", f"Role {role} should be granted to set as current")


async def _plain(send: Send, status: int, body: bytes) -> None:
    headers = [
        (b"content-type", b"text/html; charset=UTF-8"),
        (b"content-length", str(len(body)).encode()),
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
