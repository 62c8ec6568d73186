"""The replays of a door: one at a time, each a process of its own that ends when the door does.

The newest results are kept for a while. A result is whole or not there. What a killed job left
behind is gone when the next one begins.
"""

import asyncio
import fcntl
import shutil
import sys
import time
from asyncio.subprocess import DEVNULL
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO
from uuid import uuid4

import structlog

from infra.environment import for_child
from infra.errors import InfraError
from infra.processes import end, recorded
from infra.replays.job_directory import JobDirectory
from infra.replays.request import ReplayRequest
from infra.settings import Settings

MAX_RESULTS = 5
"""Number of results that are kept."""
RESULT_HOLDS_S = 3_600.0
"""How long a result answers: scans may come late, and the log goes on."""
KILL_AFTER_S = 2.0
NO_ROOM = "its directory or its process cannot be made ({})"
log = structlog.get_logger()


class AnotherRuns(InfraError):
    """Another replay is under way."""


class ReplayFailed(InfraError):
    """The replay failed, and the sentence says why; asked again, it begins anew."""


@dataclass(frozen=True, slots=True)
class Running:
    """A replay under way: records done, and of how many; 0 of 0 until that is known."""

    done: int
    total: int


@dataclass(slots=True)
class Job:
    request: ReplayRequest
    work: JobDirectory
    task: "asyncio.Task[None] | None" = None


class Replays:
    """The replays of one door. They live on its event loop."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._root = settings.data_dir / "replays"
        self._job: Job | None = None
        self._failure: tuple[str, str] | None = None
        """The id of the last replay that failed, and why, until somebody asks."""

    def ask(self, request: ReplayRequest) -> Running | bytes:
        """Begins the replay if need be, and returns its result once there is one.

        The result is a `Replayed` as JSON; until then it is how far the replay is.

        Raises `AnotherRuns` and `ReplayFailed`.
        """
        if self._job is not None and self._job.request == request:
            return Running(*self._job.work.progress())
        if self._failure is not None and self._failure[0] == request.id:
            reason = self._failure[1]
            self._failure = None
            raise ReplayFailed(reason)
        result = self._retained(request)
        if result is not None:
            return result
        if self._job is not None:
            done, total = self._job.work.progress()
            raise AnotherRuns(
                f"another replay is under way, {done:,} of {total:,} records done; "
                "one runs at a time"
            )
        self._begin(request)
        return Running(0, 0)

    async def close(self) -> None:
        """Ends the replay that runs."""
        task = self._job.task if self._job else None
        if task is None:
            return
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task

    def _retained(self, request: ReplayRequest) -> bytes | None:
        result = self._root / f"{request.id}.json"
        try:
            age_s = time.time() - result.stat().st_mtime
            return result.read_bytes() if age_s < RESULT_HOLDS_S else None
        except OSError:
            return None

    def _begin(self, request: ReplayRequest) -> None:
        work = JobDirectory(self._root / f"{request.id}-{uuid4().hex[:8]}")
        try:
            self._root.mkdir(parents=True, exist_ok=True)
            lock = alone(self._root / "lock")
            work.path.mkdir()
        except OSError as error:
            raise ReplayFailed(NO_ROOM.format(type(error).__name__)) from error
        self._job = Job(request, work)
        self._job.task = asyncio.create_task(self._run(request, work, lock))

    async def _run(self, request: ReplayRequest, work: JobDirectory, lock: IO[str]) -> None:
        try:
            await asyncio.to_thread(self._clear, work)
            failure = await self._process(request, work)
            if failure is None:
                self._keep(request, work)
            else:
                log.warning("a replay failed", reason=failure)
                self._failure = (request.id, failure)
        except OSError as error:
            self._failure = (request.id, NO_ROOM.format(type(error).__name__))
        finally:
            lock.close()
            self._job = None

    async def _process(self, request: ReplayRequest, work: JobDirectory) -> str | None:
        """Runs the replay as a process, and returns why it failed, if it did."""
        launch = [sys.executable, "-m", "infra.stack.launch", "--tied", str(work.record)]
        command = [
            *launch,
            sys.executable,
            "-m",
            "streams.replay",
            *request.words,
            "--work",
            str(work.path.resolve()),
        ]
        with work.log.open("wb") as out:
            process = await asyncio.create_subprocess_exec(
                *command, env=for_child(self._settings), stdin=DEVNULL, stdout=out, stderr=out
            )
        try:
            async with asyncio.timeout(self._settings.replay_longest_s):
                code = await process.wait()
        except TimeoutError:
            longest_s = self._settings.replay_longest_s
            return (
                f"it took longer than {longest_s:g} s, "
                "which is the longest that it may (replay_longest_s)"
            )
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
        if code == 0 and work.result.exists():
            return None
        log_file = f"replays/{work.path.name}/log"
        return (
            work.given_up()
            or f"its process ended with {code}: see {log_file} in the data directory"
        )

    def _keep(self, request: ReplayRequest, work: JobDirectory) -> None:
        work.result.replace(self._root / f"{request.id}.json")
        shutil.rmtree(work.path, ignore_errors=True)
        newest_last = sorted(self._root.glob("*.json"), key=lambda path: path.stat().st_mtime)
        for old in newest_last[:-MAX_RESULTS]:
            old.unlink()

    def _clear(self, but: JobDirectory) -> None:
        """Removes what killed doors left behind, a process that has not noticed yet included."""
        for directory in self._root.iterdir():
            if directory.is_dir() and directory != but.path:
                left = recorded(JobDirectory(directory).record)
                end([left] if left else [], KILL_AFTER_S)
                shutil.rmtree(directory, ignore_errors=True)


def alone(path: Path) -> IO[str]:
    """Returns a lock that is held until it is closed, by whatever end.

    Raises `AnotherRuns` where another door of the same data directory holds it.
    """
    lock = path.open("w")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        lock.close()
        raise AnotherRuns(
            "another replay is under way at another door; one runs at a time"
        ) from None
    return lock
