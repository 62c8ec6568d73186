"""State of a stage in RocksDB, with the positions of its inputs beside it.

An effect and the position after it are one atomic write. Each worker has one database. A partition
that comes to a worker whose database does not know it is folded again from its beginning.
"""

import shutil
from bisect import bisect_left, insort
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Protocol

import msgspec
import structlog
from msgspec.json import encode
from rocksdict import (
    AccessType,
    BlockBasedOptions,
    Cache,
    Checkpoint,
    Options,
    Rdict,
    WriteBatch,
)

from streams.errors import StateLost
from streams.positions import Position
from streams.state_files import fit_to_open

POSITION = b"\x00position\x00"
MIB = 1 << 20
CORRUPT = "Corruption"
"""RocksDB begins its complaint with this when a file does not hold what it should."""
log = structlog.get_logger()


class Readable(Protocol):
    """Whatever lies below a view: a store, or another view."""

    def get(self, key: bytes) -> bytes | None: ...

    def get_many(self, keys: Sequence[bytes]) -> Sequence[bytes | None]: ...

    def scan(self, prefix: bytes) -> Iterator[tuple[bytes, bytes]]:
        """Yields every key with this prefix and its value, in no order."""


class State:
    """A view over the database that one batch reads and writes.

    The view keeps its writes to itself until they are committed.
    """

    def __init__(self, below: Readable) -> None:
        self._below = below
        self._writes: dict[bytes, bytes | None] = {}
        self._read: dict[bytes, bytes | None] = {}
        self._ordered: list[bytes] | None = None
        """Keys of the writes in order, from the first `scan` on.

        Without it every scan would walk through all of them.
        """

    def prefetch(self, keys: Iterable[bytes]) -> None:
        """Reads many keys at once, so that later `get`s of them are free."""
        wanted = list(dict.fromkeys(keys))
        if self._read:
            wanted = [key for key in wanted if key not in self._read]
        if wanted:
            self._read.update(zip(wanted, self._below.get_many(wanted), strict=True))

    def get(self, key: bytes) -> bytes | None:
        if key in self._writes:
            return self._writes[key]
        try:
            return self._read[key]
        except KeyError:
            value = self._read[key] = self._below.get(key)
            return value

    def get_many(self, keys: Sequence[bytes]) -> Sequence[bytes | None]:
        self.prefetch(keys)
        if self._writes:
            return [self.get(key) for key in keys]
        return [self._read[key] for key in keys]

    def put(self, key: bytes, value: bytes) -> None:
        self._write(key, value)

    def delete(self, key: bytes) -> None:
        self._write(key, None)

    def scan(self, prefix: bytes) -> Iterator[tuple[bytes, bytes]]:
        merged: dict[bytes, bytes | None] = dict(self._below.scan(prefix))
        merged.update((key, self._writes[key]) for key in self._written_with(prefix))
        return ((key, value) for key, value in merged.items() if value is not None)

    def nested(self) -> "State":
        """Returns a view whose writes can be given up, or taken over with `absorb`."""
        return State(self)

    def absorb(self, child: "State") -> None:
        for key, value in child._writes.items():
            self._write(key, value)

    @property
    def writes(self) -> dict[bytes, bytes | None]:
        return self._writes

    def _write(self, key: bytes, value: bytes | None) -> None:
        if self._ordered is not None and key not in self._writes:
            insort(self._ordered, key)
        self._writes[key] = value

    def _written_with(self, prefix: bytes) -> Iterator[bytes]:
        if self._ordered is None:
            self._ordered = sorted(self._writes)
        for place in range(bisect_left(self._ordered, prefix), len(self._ordered)):
            if not self._ordered[place].startswith(prefix):
                return
            yield self._ordered[place]


class StateStore:
    """The database of one worker of one stage.

    A corrupt one is set aside, whole, and an empty one takes its place: the log has it all.
    """

    rest_s = 0.0
    """A small batch costs it little, and the next one need not grow."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._corruption_mark = directory.with_name(f"{directory.name}.spoilt")
        if self._corruption_mark.exists():
            self._set_aside("it could not be read")
        if not fit_to_open(self._directory):
            self._set_aside("its files hold rubbish")
        try:
            self._db = self._open()
        except Exception as fault:
            if CORRUPT not in str(fault):
                raise
            self._set_aside("it could not be opened")
            self._db = self._open()

    def _open(self) -> Rdict:
        self._directory.mkdir(parents=True, exist_ok=True)
        return Rdict(str(self._directory), _options(), access_type=AccessType.read_write())

    def _set_aside(self, reason: str) -> None:
        aside = self._directory.with_name(f"{self._directory.name}.corrupt")
        shutil.rmtree(aside, ignore_errors=True)
        self._directory.rename(aside)
        self._corruption_mark.unlink(missing_ok=True)
        log.error(
            "a corrupt database is set aside, and folded again", reason=reason, kept_at=str(aside)
        )

    def _read_error(self, fault: Exception) -> Exception:
        """Returns what a failed read is raised as.

        A corrupt database is marked, so that the next process does not open it again.
        """
        if CORRUPT not in str(fault):
            return fault
        self._corruption_mark.touch()
        return StateLost("the database of this worker is corrupt")

    def begin(self) -> State:
        return State(self)

    def get(self, key: bytes) -> bytes | None:
        try:
            value: bytes | None = self._db.get(key)
        except Exception as fault:
            raise self._read_error(fault) from fault
        return value

    def get_many(self, keys: Sequence[bytes]) -> Sequence[bytes | None]:
        try:
            values: Sequence[bytes | None] = self._db[list(keys)]
        except Exception as fault:
            raise self._read_error(fault) from fault
        return values

    def scan(self, prefix: bytes) -> Iterator[tuple[bytes, bytes]]:
        iterator = self._db.iter()
        iterator.seek(prefix)
        while iterator.valid() and (key := iterator.key()).startswith(prefix):
            yield key, iterator.value()
            iterator.next()
        try:
            iterator.status()  # a corrupt block raises nothing, the iterator only comes to an end
        except Exception as fault:
            raise self._read_error(fault) from fault

    def put_position(self, topic: str, partition: int, position: Position) -> None:
        """Sets a position alone, for a state that is moved to another log."""
        self._db.put(_position_key(topic, partition), encode(position))

    def checkpoint(self, directory: Path) -> None:
        """Makes a copy as of now in a new directory: links to files, where the disk is the same."""
        Checkpoint(self._db).create_checkpoint(str(directory))

    async def commit(
        self, works: Sequence[State], positions: Mapping[tuple[str, int], Position]
    ) -> None:
        batch = WriteBatch(raw_mode=True)
        for work in works:
            for key, value in work.writes.items():
                if value is None:
                    batch.delete(key)
                else:
                    batch.put(key, value)
        for (topic, partition), position in positions.items():
            batch.put(_position_key(topic, partition), encode(position))
        self._db.write(batch)

    async def position(self, topic: str, partition: int) -> Position | None:
        stored = self.get(_position_key(topic, partition))
        return None if stored is None else decode_position(stored)

    def positions(self) -> Mapping[tuple[str, int], Position]:
        positions = {}
        for key, stored in self.scan(POSITION):
            topic, partition = key.removeprefix(POSITION).decode().split("\x00")
            positions[topic, int(partition)] = decode_position(stored)
        return positions

    def close(self) -> None:
        self._db.close()


def decode_position(stored: bytes) -> Position:
    """Reads a position; earlier releases stored an offset alone."""
    position = _decode(stored)
    return Position(position) if isinstance(position, int) else position


_decode = msgspec.json.Decoder(int | Position).decode


def _position_key(topic: str, partition: int) -> bytes:
    return POSITION + f"{topic}\x00{partition}".encode()


def _options() -> Options:
    options = Options(raw_mode=True)
    options.create_if_missing(True)
    options.set_write_buffer_size(16 * MIB)
    options.set_max_write_buffer_number(2)
    options.set_keep_log_file_num(2)
    options.set_max_open_files(256)
    table = BlockBasedOptions()
    table.set_block_cache(Cache(32 * MIB))
    table.set_bloom_filter(10, block_based=False)
    options.set_block_based_table_factory(table)
    return options
