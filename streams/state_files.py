"""Looks through the log files of a database before RocksDB opens it.

RocksDB reads over damage by itself. Rubbish that happens to look like a record of a recycled log
keeps it busy for ever, though, in every recovery mode (facebook/rocksdb#13333): such a worker would
never start again. Nothing here recycles logs, so anything that is no ordinary whole record is
damage.
"""

import fcntl
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import structlog
from aiokafka.record.util import calc_crc32c

BLOCK = 1 << 15
HEADER = struct.Struct("<IHB")
"""Checksum, length of the body, kind.

A record never goes beyond its block; a longer one is written in fragments.
"""
KIND_AT = 6
WHOLE = 1
FIRST = 2
MIDDLE = 3
LAST = 4
NONE = -1
UNMASKED_BITS = 15
MASK = 0xA282EAD8
log = structlog.get_logger()


def fit_to_open(directory: Path) -> bool:
    """Returns whether RocksDB may open the database, after cutting its newest log.

    The log is cut after its last whole record, as a crash in mid-write would have left it: the
    worker is only behind then. The answer is False if an older log or the manifest is damaged:
    what comes after the damage rests on what is lost.
    """
    with _locked(directory) as locked:
        if not locked:
            return True
        logs = sorted(directory.glob("*.log"))
        if logs:
            _cut(logs[-1])
        manifest = _manifest(directory)
        files = logs if manifest is None else [*logs, manifest]
        return all(whole_until(path) == path.stat().st_size for path in files)


def whole_until(path: Path) -> int:
    """Returns the end of the last record up to which the file has no damage."""
    end = 0
    in_fragments = False
    with path.open("rb") as file:
        for number, block in enumerate(iter(partial(file.read, BLOCK), b"")):
            place = 0
            while len(block) - place >= HEADER.size:
                kind, after = _record(block, place)
                expected = (MIDDLE, LAST) if in_fragments else (WHOLE, FIRST)
                if kind not in expected:
                    return end
                in_fragments = kind in (FIRST, MIDDLE)
                place = after
                if not in_fragments:
                    end = number * BLOCK + place
    return end


def _record(block: bytes, place: int) -> tuple[int, int]:
    """Returns the kind of the record there, and where it ends."""
    checksum, length, kind = HEADER.unpack_from(block, place)
    after = place + HEADER.size + length
    if after > len(block) or _masked(calc_crc32c(block[place + KIND_AT : after])) != checksum:
        return NONE, after
    return kind, after


def _masked(crc: int) -> int:
    """Returns a checksum as RocksDB stores it."""
    return ((crc >> UNMASKED_BITS | crc << 32 - UNMASKED_BITS) + MASK) & 0xFFFFFFFF


def _cut(path: Path) -> None:
    end = whole_until(path)
    size = path.stat().st_size
    if end < size:
        log.error(
            "the log of a database is cut after its last whole record",
            file=path.name,
            kept_bytes=end,
            lost_bytes=size - end,
        )
        with path.open("r+b") as file:
            file.truncate(end)


def _manifest(directory: Path) -> Path | None:
    """Returns the manifest in force; None if there is none, which RocksDB reports itself."""
    current = directory / "CURRENT"
    if not current.exists():
        return None
    manifest = directory / current.read_bytes().decode(errors="replace").strip()
    return manifest if manifest.is_file() else None


@contextmanager
def _locked(directory: Path) -> Iterator[bool]:
    """Yields whether the lock was got: not if another process has the database, or none exists."""
    lock = directory / "LOCK"
    if not lock.exists():
        yield False
        return
    with lock.open("r+b") as file:
        try:
            fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            yield False
            return
        yield True
