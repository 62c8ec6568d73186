"""The worker's end of `worker_process.py`: reads calls, does them side by side, writes answers.

Calls come over the standard input and answers leave over the standard output. The worker ends with
its input, so that no door leaves one behind.
"""

import asyncio
import os
import signal
import sys
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from typing import Any

import structlog

from api.backends.worker_messages import Answer, Call, Cancel, Failure, message, read_message
from api.http.problems import Problem
from infra.errors import Unavailable
from infra.logs import configure_logs
from infra.memory import collect_seldom
from infra.settings import Settings

YIELDS = 5
"""Its work yields to that of its door: a scan is due at once, a trace in a second."""
Perform = Callable[[str, tuple[Any, ...]], Awaitable[Any]]
"""It does a task with its arguments."""
log = structlog.get_logger()


def run_worker(ready: Callable[[Settings], AbstractAsyncContextManager[Perform]]) -> None:
    """Does what `ready` gives, until the door ends."""
    # The door may still want answers when both are told to end.
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.nice(YIELDS)
    settings = Settings()
    answers = os.dup(sys.stdout.fileno())
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # whatever prints, prints to the log
    configure_logs(settings)
    collect_seldom()
    asyncio.run(_serve(settings, ready, sys.stdin.fileno(), answers))


async def _serve(
    settings: Settings,
    ready: Callable[[Settings], AbstractAsyncContextManager[Perform]],
    calls: int,
    answers: int,
) -> None:
    loop = asyncio.get_running_loop()
    reader = asyncio.StreamReader()
    protocol = asyncio.StreamReaderProtocol(reader)
    reading, _ = await loop.connect_read_pipe(lambda: protocol, os.fdopen(calls, "rb"))
    writing, _ = await loop.connect_write_pipe(asyncio.BaseProtocol, os.fdopen(answers, "wb"))
    try:
        async with ready(settings) as perform:
            work = _Calls(perform, writing)
            try:
                await work.read(reader)
            finally:
                await work.end()
    finally:
        reading.close()
        writing.close()


class _Calls:
    """The calls under way."""

    def __init__(self, perform: Perform, writing: asyncio.WriteTransport) -> None:
        self._perform, self._writing = perform, writing
        self._under_way: dict[int, asyncio.Task[None]] = {}

    async def read(self, reader: asyncio.StreamReader) -> None:
        """Begins each call that comes, until none comes any more."""
        while True:
            try:
                received = await read_message(reader)
            except asyncio.IncompleteReadError:
                return
            if isinstance(received, Cancel):
                self._leave(received.number)
            else:
                self._under_way[received.number] = asyncio.create_task(self._answer(received))

    async def end(self) -> None:
        tasks = list(self._under_way.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _leave(self, number: int) -> None:
        """Ends a call; its answer says only that."""
        task = self._under_way.get(number)
        if task is None:
            self._write(Answer(number))
        else:
            task.cancel()

    async def _answer(self, call: Call) -> None:
        answer = Answer(call.number)
        try:
            answer = Answer(call.number, result=await self._perform(call.task, call.arguments))
        except (Problem, Unavailable) as error:
            answer = Answer(call.number, failure=Failure.of(error))
        except Exception as error:
            log.error("a task failed", task=call.task, exc_info=True)
            answer = Answer(call.number, failure=Failure.of(error))
        finally:
            del self._under_way[call.number]
            self._write(answer)

    def _write(self, answer: Answer) -> None:
        self._writing.write(message(answer))
