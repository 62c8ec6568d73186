"""The directory of one job, in which its process and the door tell each other things: how far it is, what it found, or why it gave up."""

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
        """There when, and only when, it is whole."""
        return self.directory / "result.json"

    @property
    def log(self) -> Path:
        return self.directory / "log"

    @property
    def record(self) -> Path:
        """Of its process."""
        return self.directory / "pid"

    def report(self, done: int, total: int) -> None:
        self._write("progress.json", orjson.dumps([done, total]))

    def progress(self) -> tuple[int, int]:
        """Records done, and of how many; 0 of 0 until that is known."""
        path = self.directory / "progress.json"
        if not path.exists():
            return 0, 0
        done, total = orjson.loads(path.read_bytes())
        return done, total

    def give_up(self, reason: str) -> None:
        self._write("given_up.txt", reason.encode())

    def given_up(self) -> str | None:
        path = self.directory / "given_up.txt"
        return path.read_text(encoding="utf-8") if path.exists() else None

    def finish(self, replayed: Replayed) -> None:
        self._write(self.result.name, orjson.dumps(replayed))

    def _write(self, name: str, content: bytes) -> None:
        made = self.directory / f"{name}.new"
        made.write_bytes(content)
        made.replace(self.directory / name)


def read_result(content: bytes) -> Replayed:
    return msgspec.json.decode(content, type=Replayed)
