"""Holds the files of one replay job, through which its process speaks to the door.

The process writes how far it is, what it found, or why it gave up.
"""

from dataclasses import dataclass
from pathlib import Path

import msgspec
import orjson

from infra.replays.result import Replayed


@dataclass(frozen=True, slots=True)
class JobDirectory:
    path: Path

    @property
    def state(self) -> Path:
        """Returns the path of the database in which the job keeps people and scans."""
        return self.path / "rocksdb"

    @property
    def result(self) -> Path:
        """Returns the path of the result, which exists when, and only when, the result is whole."""
        return self.path / "result.json"

    @property
    def log(self) -> Path:
        return self.path / "log"

    @property
    def record(self) -> Path:
        """Returns the path of the record of the job's process."""
        return self.path / "pid"

    def report(self, done: int, total: int) -> None:
        """Writes the progress, in records."""
        self._write("progress.json", orjson.dumps([done, total]))

    def progress(self) -> tuple[int, int]:
        """Returns how many records are done, and of how many; 0 of 0 until that is known."""
        progress = self.path / "progress.json"
        if not progress.exists():
            return 0, 0
        done, total = orjson.loads(progress.read_bytes())
        return done, total

    def give_up(self, reason: str) -> None:
        self._write("given_up.txt", reason.encode())

    def given_up(self) -> str | None:
        """Returns the reason, or None while the job has not given up."""
        reason = self.path / "given_up.txt"
        return reason.read_text(encoding="utf-8") if reason.exists() else None

    def finish(self, replayed: Replayed) -> None:
        self._write(self.result.name, orjson.dumps(replayed))

    def _write(self, name: str, content: bytes) -> None:
        """Writes a file so that a reader sees it whole or not at all."""
        scratch = self.path / f"{name}.new"
        scratch.write_bytes(content)
        scratch.replace(self.path / name)


def read_result(content: bytes) -> Replayed:
    return msgspec.json.decode(content, type=Replayed)
