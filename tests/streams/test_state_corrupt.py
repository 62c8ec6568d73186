"""A database whose files hold rubbish is set aside and begun anew; no record is blamed for it."""

import asyncio
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from streams.errors import StateLost
from streams.positions import Position
from streams.state import StateStore

KEYS = [f"key {n}".encode() for n in range(2_000)]


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    """A database that was closed in order, its values in one table."""
    directory = tmp_path / "rocksdb"
    store = StateStore(directory)
    work = store.begin()
    for key in KEYS:
        work.put(key, os.urandom(200))
    asyncio.run(store.commit([work], {("journal", 0): Position(7)}))
    store.close()
    return directory


def spoil(directory: Path, pattern: str, start: float, end: float) -> None:
    """Changes bytes of the newest such file, from one share of its length to another."""
    path = max(directory.glob(pattern), key=lambda file: file.stat().st_mtime)
    size = path.stat().st_size
    with path.open("r+b") as file:
        file.seek(int(size * start))
        file.write(os.urandom(int(size * end) - int(size * start)))


@pytest.fixture
def opened(directory: Path) -> Iterator[list[StateStore]]:
    stores: list[StateStore] = []
    yield stores
    for store in stores:
        store.close()


@pytest.mark.parametrize("pattern", ["*.sst", "MANIFEST-*", "CURRENT"])
def test_database_that_cannot_be_opened_is_set_aside_and_begun_anew(
    directory: Path, opened: list[StateStore], pattern: str
) -> None:
    spoil(directory, pattern, 0.5, 1.0)
    opened.append(StateStore(directory))
    assert asyncio.run(opened[0].position("journal", 0)) is None
    assert list(directory.with_name("rocksdb.corrupt").glob("*.sst"))


def test_table_found_corrupt_while_reading_is_told_and_is_gone_at_the_next_start(
    directory: Path, opened: list[StateStore]
) -> None:
    spoil(directory, "*.sst", 0.0, 0.5)
    store = StateStore(directory)
    with pytest.raises(StateLost):
        for key in KEYS:
            store.get(key)
    with pytest.raises(StateLost):
        store.get_many(KEYS)
    with pytest.raises(StateLost):
        list(store.scan(b"key"))
    with pytest.raises(StateLost):
        asyncio.run(store.position("journal", 0))
    store.close()
    opened.append(StateStore(directory))
    assert (opened[0].get(KEYS[0]), asyncio.run(opened[0].position("journal", 0))) == (None, None)


def test_database_in_use_by_another_is_no_corrupt_one(
    directory: Path, opened: list[StateStore]
) -> None:
    opened.append(StateStore(directory))
    with pytest.raises(Exception, match="lock"):
        StateStore(directory)
    assert not directory.with_name("rocksdb.corrupt").exists()
