"""Remembers which cached files had the right hash.

A start then looks at the size and time of a file, and not at every byte.
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from infra.stack.artifacts import Artifact

Mark = tuple[str, int, int]
"""A mark holds the pinned hash, then the size and time of the file that had it."""


@dataclass(slots=True)
class Verified:
    store: Path
    marks: dict[str, Mark]
    changed: bool = False

    @classmethod
    def read(cls, cache_dir: Path) -> Self:
        """Returns the marks of earlier runs; none where the file is missing or damaged."""
        store = cache_dir / "jars" / "verified.json"
        try:
            marks = {name: tuple(mark) for name, mark in json.loads(store.read_text()).items()}
        except (FileNotFoundError, ValueError):
            marks = {}
        return cls(store, marks)

    def knows(self, path: Path, artifact: Artifact) -> bool:
        return self.marks.get(str(path)) == _mark(path, artifact)

    def add(self, path: Path, artifact: Artifact) -> None:
        self.marks[str(path)] = _mark(path, artifact)
        self.changed = True

    def write(self) -> None:
        if not self.changed:
            return
        scratch = self.store.with_suffix(".part")
        scratch.write_text(json.dumps(self.marks, indent=1))
        scratch.rename(self.store)
        self.changed = False


def _mark(path: Path, artifact: Artifact) -> Mark:
    state = path.stat()
    return artifact.sha256, state.st_size, state.st_mtime_ns
