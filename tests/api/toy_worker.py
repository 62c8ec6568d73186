"""`python -m tests.api.toy_worker`: a worker whose tasks fail, last, and die in every way."""

import asyncio
import os
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from http import HTTPStatus
from typing import Any

from api.backends.worker_loop import Perform, run_worker
from api.http.problems import FieldFault, Problem, too_costly
from infra.errors import TooCostly, Unavailable
from infra.settings import Settings

FAILURES: dict[str, Exception] = {
    "problem": Problem(HTTPStatus.CONFLICT, "kind", "detail", [FieldFault(field="a", reason="b")]),
    "place": too_costly("post:1"),
    "away": Unavailable("clickhouse", "gone"),
    "too much": TooCostly("clickhouse", "memory"),
    "fault": ZeroDivisionError("by nothing"),
}


@asynccontextmanager
async def toys(_settings: Settings) -> AsyncIterator[Perform]:
    async def perform(task: str, arguments: tuple[Any, ...]) -> Any:
        match task:
            case "echo":
                print("what a library prints")  # noqa: T201 -- it must not reach the answers
                return os.getpid(), arguments
            case "sleep":
                await asyncio.sleep(arguments[0])
            case "hold":
                time.sleep(arguments[0])  # noqa: ASYNC251 -- it holds the loop, as a fault would
            case "die":
                os._exit(3)
            case _:
                raise FAILURES[task]
        return None

    yield perform


if __name__ == "__main__":
    run_worker(toys)
