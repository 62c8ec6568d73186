"""The directory of one job, through which its process speaks to the door.

The process writes how far it is, what it found, or why it gave up.
"""

from dataclasses import dataclass
from pathlib import Path

import msgspec
import orjson

from infra.replays.result import Replayed


@dataclass(frozen=True, slots=True)
class Work:
    directory: Path

    @property
    def state(self) -> Path:
        return self.directory / "rocksdb"

    @property
    def result(self) -> Path:
        """Returns the path of the result, which exists when, and only when, the result is whole."""
        return self.directory / "result.json"

    @property
    def log(self) -> Path:
        return self.directory / "log"

    @property
    def record(self) -> Path:
        """Returns the path of the record of the job's process."""
        return self.directory / "pid"

    def report(self, done: int, total: int) -> None:
        self._write("progress.json", orjson.dumps([done, total]))

    def progress(self) -> tuple[int, int]:
        """Returns how many records are done, and of how many; 0 of 0 until that is known."""
        path = self.directory / "progress.json"
        if not path.exists():
            return 0, 0
        done, total = orjson.loads(path.read_bytes())
        return done, total

    def give_up(self, reason: str) -> None:
        self._write("given_up.txt", reason.encode())

    def given_up(self) -> str | None:
        """Returns the reason, or None while the job has not given up."""
        path = self.directory / "given_up.txt"
        return path.read_text(encoding="utf-8") if path.exists() else None

    def finish(self, replayed: Replayed) -> None:
        self._write(self.result.name, orjson.dumps(replayed))

    def _write(self, name: str, content: bytes) -> None:
        scratch = self.directory / f"{name}.new"
        scratch.write_bytes(content)
        scratch.replace(self.directory / name)


def read_result(content: bytes) -> Replayed:
    return msgspec.json.decode(content, type=Replayed)
