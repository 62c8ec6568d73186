"""Names the places of the running stack: logs, records of processes, the supervisor's files."""

import hashlib
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from infra.errors import SetupError
from infra.settings import Settings

SUPERVISOR = "supervisor"


@dataclass(frozen=True, slots=True)
class Places:
    data: Path
    socket: Path

    @classmethod
    def of(cls, settings: Settings) -> Self:
        data = settings.data_dir.resolve()
        key = hashlib.sha256(str(data).encode()).hexdigest()[:16]
        return cls(data, _socket_directory() / f"{key}.sock")

    @property
    def run(self) -> Path:
        return self.data / "run"

    @property
    def logs(self) -> Path:
        return self.data / "logs"

    @property
    def configuration(self) -> Path:
        return self.run / "supervisor.conf"

    @property
    def fingerprint(self) -> Path:
        return self.run / "settings.sha256"

    def record(self, name: str) -> Path:
        return self.run / f"{name}.pid"

    def log(self, name: str) -> Path:
        return self.logs / f"{name}.log"

    def create(self) -> None:
        """Makes the directories, which only their user may read.

        The supervisor may write the settings, secrets among them, into its log.
        """
        for directory in (self.run, self.logs, self.data / "tmp"):
            directory.mkdir(mode=0o700, parents=True, exist_ok=True)


def _socket_directory() -> Path:
    """Returns a directory of the user's own with a short path.

    A socket's path has room for 107 bytes, and a data directory may lie deep.
    """
    directory = Path(tempfile.gettempdir()) / f"dibiendong-{os.getuid()}"
    directory.mkdir(mode=0o700, exist_ok=True)
    if directory.is_symlink() or directory.stat().st_uid != os.getuid():
        raise SetupError(
            f"{directory} belongs to another user: "
            "remove it, or set TMPDIR to a directory of your own."
        )
    return directory
