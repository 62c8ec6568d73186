"""A process of a door's own, for work that would hold the event loop that answers scans.

It has an event loop of its own and does many calls at a time. It starts with the first call, and
again with the next one after it ended. Calls are bounded in number and in time. One that holds the
worker for longer costs the worker its life: the other calls get a 503 then, and no scan waits. It
ends with its door, whatever ends that: it reads the end of its pipe.
"""

import asyncio
import sys
from asyncio.subprocess import PIPE, Process
from contextlib import suppress
from itertools import count
from typing import Any, Protocol

import structlog

from api.backends.worker_messages import Answer, Call, Cancel, message, read_message
from infra.environment import for_child
from infra.errors import Unavailable
from infra.settings import Settings

END_S = 2.0
"""A worker that is told to end, or to leave a call, has so long."""
log = structlog.get_logger()


class Worker(Protocol):
    async def call(self, task: str, *arguments: Any) -> Any:
        """Returns what the task does. Raises its `Problem`, and `Unavailable` in bounded time."""

    async def close(self) -> None: ...


class WorkerProcess:
    """Runs `python -m <module>`, which answers `Call`s as `worker_loop.py` does."""

    def __init__(self, settings: Settings, module: str, part: str) -> None:
        self._settings, self._module, self._part = settings, module, part
        self._running: _Running | None = None
        self._starting = asyncio.Lock()
        self._calls = 0

    async def call(self, task: str, *arguments: Any) -> Any:
        if self._calls >= self._settings.traces_max:
            raise Unavailable(self._part, "it has too much to do")
        self._calls += 1
        try:
            running = await self._started()
            answer = await running.ask(task, arguments, self._settings.trace_longest_s)
        finally:
            self._calls -= 1
        if answer.failure is not None:
            raise answer.failure.error()
        return answer.result

    async def close(self) -> None:
        """Ends the worker."""
        if self._running is not None:
            await self._running.end()

    async def _started(self) -> "_Running":
        async with self._starting:
            if self._running is None or self._running.has_ended:
                self._running = _Running(await self._start(), self._part)
            return self._running

    async def _start(self) -> Process:
        command = sys.executable, "-m", self._module
        environment = for_child(self._settings)
        try:
            return await asyncio.create_subprocess_exec(
                *command, stdin=PIPE, stdout=PIPE, env=environment
            )
        except OSError as error:
            raise Unavailable(self._part, type(error).__name__) from error


class _Running:
    """A worker that was started, with the calls that wait for it."""

    def __init__(self, process: Process, part: str) -> None:
        self._process, self._part = process, part
        self._numbers = count()
        self._waiting: dict[int, asyncio.Future[Answer]] = {}
        self._reading = asyncio.create_task(self._read())
        self.has_ended = False

    async def ask(self, task: str, arguments: tuple[Any, ...], longest_s: float) -> Answer:
        """Returns the answer to a call. Raises `Unavailable` where none comes in time."""
        number = next(self._numbers)
        answer = self._expect(number)
        try:
            async with asyncio.timeout(longest_s):
                await self._send(Call(number, task, arguments))
                return await answer
        except TimeoutError:
            await self._leave(number)
            raise Unavailable(self._part, "it took too long") from None
        except asyncio.CancelledError:
            await self._leave(number)
            raise
        finally:
            self._waiting.pop(number, None)

    async def end(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        with suppress(TimeoutError):
            async with asyncio.timeout(END_S):
                await self._process.wait()
        self._kill()
        await self._reading

    def _expect(self, number: int) -> "asyncio.Future[Answer]":
        answer: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self._waiting[number] = answer
        return answer

    async def _send(self, content: Call | Cancel) -> None:
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(message(content))
            await self._process.stdin.drain()
        except OSError as error:
            raise Unavailable(self._part, type(error).__name__) from error

    async def _leave(self, number: int) -> None:
        """Tells the worker to leave a call, and kills it if it does not say so in time."""
        left = self._expect(number)
        try:
            async with asyncio.timeout(END_S):
                await self._send(Cancel(number))
                await left
        except TimeoutError:
            log.warning("a worker is held by a call", part=self._part)
            self._kill()
        except Unavailable:
            return

    def _kill(self) -> None:
        self.has_ended = True
        if self._process.returncode is None:
            self._process.kill()

    async def _read(self) -> None:
        """Hands the answers out until the worker ends."""
        assert self._process.stdout is not None
        try:
            while True:
                answer: Answer = await read_message(self._process.stdout)
                self._hand_out(answer)
        except asyncio.IncompleteReadError:
            self.has_ended = True
        code = await self._process.wait()
        if code != 0:
            log.warning("a worker ended", part=self._part, code=code)
        for waiting in self._waiting.values():
            if not waiting.done():
                waiting.set_exception(Unavailable(self._part, "it ended"))

    def _hand_out(self, answer: Answer) -> None:
        waiting = self._waiting.get(answer.number)
        if waiting is not None and not waiting.done():
            waiting.set_result(answer)
