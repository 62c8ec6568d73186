"""State of a stage in RocksDB, with the positions of its inputs beside it: an effect and the position after it are one atomic write.

One database per worker. A partition that comes to a worker whose database does not know it is folded again from its beginning.
"""

from bisect import bisect_left, insort
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Protocol

from rocksdict import AccessType, BlockBasedOptions, Cache, Options, Rdict, WriteBatch

POSITION = b"\x00position\x00"
MIB = 1 << 20


class Readable(Protocol):
    """What lies below a view: a store, or another view."""

    def get(self, key: bytes) -> bytes | None: ...

    def get_many(self, keys: Sequence[bytes]) -> Sequence[bytes | None]: ...

    def scan(self, prefix: bytes) -> Iterator[tuple[bytes, bytes]]:
        """Every key with this prefix and its value, in no order."""


class State:
    """What one batch reads and writes: a view over the database that keeps its writes to itself until they are committed."""

    def __init__(self, below: Readable) -> None:
        self._below = below
        self._writes: dict[bytes, bytes | None] = {}
        self._read: dict[bytes, bytes | None] = {}
        self._ordered: list[bytes] | None = None
        """Keys of the writes in order, from the first `scan` on: without it every scan would walk through all of them."""

    def prefetch(self, keys: Iterable[bytes]) -> None:
        """Reads many keys at once; later `get`s of them are free."""
        wanted = [key for key in dict.fromkeys(keys) if key not in self._read]
        if wanted:
            self._read.update(zip(wanted, self._below.get_many(wanted), strict=True))

    def get(self, key: bytes) -> bytes | None:
        if key in self._writes:
            return self._writes[key]
        if key not in self._read:
            self._read[key] = self._below.get(key)
        return self._read[key]

    def get_many(self, keys: Sequence[bytes]) -> Sequence[bytes | None]:
        self.prefetch(keys)
        return [self.get(key) for key in keys]

    def put(self, key: bytes, value: bytes) -> None:
        self._write(key, value)

    def delete(self, key: bytes) -> None:
        self._write(key, None)

    def scan(self, prefix: bytes) -> Iterator[tuple[bytes, bytes]]:
        merged: dict[bytes, bytes | None] = dict(self._below.scan(prefix))
        merged.update((key, self._writes[key]) for key in self._written_with(prefix))
        return ((key, value) for key, value in merged.items() if value is not None)

    def nested(self) -> "State":
        """A view whose writes can be given up, or taken over with `absorb`."""
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
    """The database of one worker of one stage."""

    def __init__(self, directory: Path) -> None:
        directory.mkdir(parents=True, exist_ok=True)
        self._db = Rdict(str(directory), _options(), access_type=AccessType.read_write())

    def begin(self) -> State:
        return State(self)

    def get(self, key: bytes) -> bytes | None:
        value: bytes | None = self._db.get(key)
        return value

    def get_many(self, keys: Sequence[bytes]) -> Sequence[bytes | None]:
        values: Sequence[bytes | None] = self._db[list(keys)]
        return values

    def scan(self, prefix: bytes) -> Iterator[tuple[bytes, bytes]]:
        for key, value in self._db.items(from_key=prefix):
            if not key.startswith(prefix):
                return
            yield key, value

    async def commit(self, work: State, topic: str, partition: int, next_offset: int) -> None:
        batch = WriteBatch(raw_mode=True)
        for key, value in work.writes.items():
            if value is None:
                batch.delete(key)
            else:
                batch.put(key, value)
        batch.put(_position_key(topic, partition), str(next_offset).encode())
        self._db.write(batch)

    async def position(self, topic: str, partition: int) -> int | None:
        stored = self._db.get(_position_key(topic, partition))
        return None if stored is None else int(stored)

    def close(self) -> None:
        self._db.close()


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
