"""The stores of a stage whose process may end, and what tests ask of any of them."""

import asyncio
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from streams.positions import Position
from streams.state import State, StateStore
from tests.streams.fakes import MemoryStore
from tests.waiting import wait_until

TOPIC, OTHER_TOPIC = "declarations", "journal"
KEYS = (b"a", b"a\x00", b"a\xff", b"ab", b"b", b"\xff", b"\xff\xff")
PREFIXES = (b"a", b"b", b"\xff")
"""Every key begins with one prefix, and no prefix with another."""


class Kept(Protocol):
    """A store whose process may end and be started again."""

    @property
    def store(self) -> StateStore | MemoryStore: ...

    def reopen(self) -> None: ...


class InMemory:
    """A store in memory: what was committed lives as long as the test."""

    def __init__(self, directory: Path) -> None:
        self.store = MemoryStore()

    def reopen(self) -> None:
        """Batches under way are forgotten with their views; there is nothing else to end."""


class Closed:
    """RocksDB, ended in order."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory / "rocksdb"
        self.store = StateStore(self._directory)

    def reopen(self) -> None:
        self.store.close()
        self.store = StateStore(self._directory)


class Killed:
    """RocksDB, going on from the files as a killed process leaves them: as of an instant."""

    def __init__(self, directory: Path) -> None:
        self._directory, self._deaths = directory, 0
        self.store = StateStore(directory / "0")

    def reopen(self) -> None:
        left, found = self._directory / str(self._deaths), self._directory / str(self._deaths + 1)
        wait_until(
            lambda: _copied_at_an_instant(left, found), what="RocksDB to rest from compacting"
        )
        self.store.close()
        self.store, self._deaths = StateStore(found), self._deaths + 1


def _copied_at_an_instant(directory: Path, copy: Path) -> bool:
    """Returns whether no file came, grew or went meanwhile: RocksDB compacts when it likes."""
    shutil.rmtree(copy, ignore_errors=True)
    try:
        before = _sizes(directory)
        shutil.copytree(directory, copy)
        return _sizes(directory) == before
    except OSError:
        return False


def _sizes(directory: Path) -> dict[str, int]:
    return {path.name: path.stat().st_size for path in directory.iterdir()}


KINDS: tuple[Callable[[Path], Kept], ...] = (InMemory, Closed, Killed)


@contextmanager
def keeping(kind: Callable[[Path], Kept], directory: Path) -> Iterator[Kept]:
    kept = kind(directory)
    try:
        yield kept
    finally:
        kept.store.close()


def commit(
    kept: Kept, work: State, next_offset: int, *, topic: str = TOPIC, partition: int = 0
) -> None:
    asyncio.run(kept.store.commit([work], {(topic, partition): Position(next_offset)}))


def position(kept: Kept, *, topic: str = TOPIC, partition: int = 0) -> int | None:
    return offset_of(asyncio.run(kept.store.position(topic, partition)))


def offset_of(position: Position | None) -> int | None:
    return None if position is None else position.next_offset


def written(kept: Kept, values: Mapping[bytes, bytes | None]) -> State:
    work = kept.store.begin()
    write(work, values.items())
    return work


def write(view: State, values: Iterable[tuple[bytes, bytes | None]]) -> None:
    """Puts the values, and deletes where there is none."""
    for key, value in values:
        if value is None:
            view.delete(key)
        else:
            view.put(key, value)


def seen(view: State | StateStore | MemoryStore) -> dict[bytes, bytes]:
    """Returns all that a view holds, which must be the same in each of three ways to read it."""
    scanned: dict[bytes, bytes] = {}
    for prefix in PREFIXES:
        scanned.update(view.scan(prefix))
    at_once = dict(zip(KEYS, view.get_many(KEYS), strict=True))
    singly = {key: view.get(key) for key in KEYS}
    assert {key: value for key, value in at_once.items() if value is not None} == scanned
    assert {key: value for key, value in singly.items() if value is not None} == scanned
    return scanned
