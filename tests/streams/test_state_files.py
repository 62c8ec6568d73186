"""Logs of a database with rubbish in them.

The database opens at what is whole before the rubbish, or is set aside; it never hangs.

RocksDB may never come back from such a log, so it is opened in a process that can be given up.
"""

import asyncio
import fcntl
import os
import shutil
import struct
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from infra.settings import CHECKOUT
from streams.positions import Position
from streams.state import StateStore
from streams.state_files import BLOCK, HEADER, fit_to_open, whole_until

COMMITS = 400
GIVEN_UP_S = 240
RECYCLED_LAST = 8
OPEN = """
import asyncio, pathlib, sys
from streams.state import StateStore
store = StateStore(pathlib.Path(sys.argv[1]))
stored = asyncio.run(store.position("journal", 0))
position = stored.next_offset if stored else 0
stored = [store.get(b"key %d" % n) is not None for n in range(int(sys.argv[2]))]
print(position, stored == [n < position for n in range(len(stored))])
"""
LOCK = """
import fcntl, sys
file = open(sys.argv[1], 'r+b')
fcntl.lockf(file, fcntl.LOCK_EX)
print(flush=True)
sys.stdin.read()
"""


@pytest.fixture
def killed(tmp_path: Path) -> Path:
    """A database as a killed process leaves it: all commits are in its log, which stays open."""
    store = StateStore(tmp_path / "alive")
    for n in range(COMMITS):
        work = store.begin()
        work.put(f"key {n}".encode(), os.urandom(1_000))
        asyncio.run(store.commit([work], {("journal", 0): Position(n + 1)}))
    shutil.copytree(tmp_path / "alive", tmp_path / "rocksdb")
    store.close()
    return tmp_path / "rocksdb"


def log_of(directory: Path) -> Path:
    return max(directory.glob("*.log"))


def noise(path: Path, start: float) -> None:
    """Replaces everything from there on by other bytes."""
    begin, size = int(path.stat().st_size * start), path.stat().st_size
    with path.open("r+b") as file:
        file.seek(begin)
        file.write(os.urandom(size - begin))


def recycled(path: Path, start: float) -> None:
    """Adds noise whose blocks begin with what looks like a record of a recycled log."""
    noise(path, start)
    begin, size = int(path.stat().st_size * start), path.stat().st_size
    with path.open("r+b") as file:
        for place in range(-(-begin // BLOCK) * BLOCK, size, BLOCK):
            file.seek(place)
            file.write(HEADER.pack(0, 2**16 - 1, RECYCLED_LAST) + struct.pack("<I", 2**31))


def torn(path: Path, start: float) -> None:
    os.truncate(path, int(path.stat().st_size * start))


def opened(directory: Path) -> tuple[int, str]:
    """Returns the position of the database, and whether it holds the effects before it alone."""
    command = [sys.executable, "-c", OPEN, str(directory), str(COMMITS)]
    told = subprocess.run(
        command, cwd=CHECKOUT, timeout=GIVEN_UP_S, check=True, capture_output=True, text=True
    ).stdout
    position, agrees = told.split()[-2:]
    return int(position), agrees


@pytest.mark.parametrize("start", [0.02, 0.5, 0.97])
@pytest.mark.parametrize("spoil", [noise, recycled, torn])
def test_log_is_read_up_to_its_damage_and_the_database_goes_on_from_there(
    killed: Path, spoil: Callable[[Path, float], None], start: float
) -> None:
    spoil(log_of(killed), start)
    position, agrees = opened(killed)
    assert agrees == "True"
    assert start * COMMITS - 2 <= position <= start * COMMITS + 2
    assert opened(killed) == (position, agrees)
    assert not killed.with_name("rocksdb.corrupt").exists()


def test_whole_log_is_read_to_its_end(killed: Path) -> None:
    assert whole_until(log_of(killed)) == log_of(killed).stat().st_size
    assert opened(killed) == (COMMITS, "True")


def test_damage_that_a_newer_log_stands_on_sets_the_database_aside(killed: Path) -> None:
    older = log_of(killed)
    shutil.copy(older, older.with_name("999998.log"))
    recycled(older, 0.5)
    assert opened(killed) == (0, "True")
    assert killed.with_name("rocksdb.corrupt").exists()


def test_damaged_manifest_sets_the_database_aside(killed: Path) -> None:
    manifest = next(killed.glob("MANIFEST-*"))
    os.truncate(manifest, 4 * BLOCK)
    recycled(manifest, 0.1)
    assert opened(killed) == (0, "True")
    assert killed.with_name("rocksdb.corrupt").exists()


def test_log_of_a_database_that_another_process_has_open_is_left_alone(killed: Path) -> None:
    noise(log_of(killed), 0.5)
    before = log_of(killed).read_bytes()
    with subprocess.Popen(
        [sys.executable, "-c", LOCK, str(killed / "LOCK")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as another:
        assert another.stdout is not None
        another.stdout.readline()
        with (killed / "LOCK").open("r+b") as file, pytest.raises(BlockingIOError):
            fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        assert fit_to_open(killed)
        assert log_of(killed).read_bytes() == before
        another.communicate()
