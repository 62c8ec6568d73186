"""What a stage may ask of its store: one contract for RocksDB and for the stand-in of fast tests.

An effect and the position after it are there together or not at all, however the process ended.
"""

import asyncio
import shutil
from collections.abc import Iterator
from itertools import product
from pathlib import Path

import pytest

from streams.state import StateStore
from tests.streams.stores import (
    KEYS,
    KINDS,
    OTHER_TOPIC,
    TOPIC,
    Closed,
    Kept,
    commit,
    keeping,
    offset_of,
    position,
    seen,
    written,
)


@pytest.fixture(params=KINDS, ids=lambda kind: kind.__name__)
def kept(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Kept]:
    with keeping(request.param, tmp_path) as kept:
        yield kept


def test_a_store_that_knows_nothing_has_no_value_and_no_position(kept: Kept) -> None:
    assert (seen(kept.store), position(kept)) == ({}, None)


def test_a_batch_sees_its_own_writes_and_the_store_sees_them_with_the_commit(kept: Kept) -> None:
    commit(kept, written(kept, {b"a": b"1", b"ab": b"1"}), 1)
    work = written(kept, {b"a": b"2", b"ab": None, b"b": b""})
    assert (seen(work), seen(kept.store)) == ({b"a": b"2", b"b": b""}, {b"a": b"1", b"ab": b"1"})
    commit(kept, work, 2)
    assert (seen(kept.store), position(kept)) == ({b"a": b"2", b"b": b""}, 2)


def test_what_was_committed_is_there_after_reopening_with_its_position(kept: Kept) -> None:
    commit(kept, written(kept, {b"a": b"1", b"b": b"1"}), 10)
    commit(kept, written(kept, {b"a": b"2", b"b": None}), 25)
    kept.reopen()
    assert (seen(kept.store), position(kept)) == ({b"a": b"2"}, 25)


def test_what_was_not_committed_is_gone_after_reopening(kept: Kept) -> None:
    commit(kept, written(kept, {b"a": b"1", b"b": b"1"}), 1)
    assert seen(written(kept, {b"a": b"2", b"b": None})) == {b"a": b"2"}
    kept.reopen()
    assert (seen(kept.store), seen(kept.store.begin()), position(kept)) == (
        {b"a": b"1", b"b": b"1"},
        {b"a": b"1", b"b": b"1"},
        1,
    )


def test_a_batch_given_up_leaves_nothing_for_the_one_after_it(kept: Kept) -> None:
    commit(kept, written(kept, {b"a": b"1"}), 1)
    written(kept, {b"a": b"2", b"b": b"2"})
    commit(kept, written(kept, {b"ab": b"3"}), 2)
    assert (seen(kept.store), position(kept)) == ({b"a": b"1", b"ab": b"3"}, 2)


def test_of_the_views_within_a_batch_only_those_taken_over_are_committed(kept: Kept) -> None:
    commit(kept, written(kept, {b"a": b"1", b"b": b"1"}), 1)
    work = written(kept, {b"ab": b"2"})
    given_up, taken_over = work.nested(), work.nested()
    given_up.put(b"a", b"half of an effect")
    given_up.delete(b"ab")
    taken_over.put(b"ab", taken_over.get(b"ab") or b"unseen")
    taken_over.delete(b"b")
    work.absorb(taken_over)
    commit(kept, work, 2)
    assert seen(kept.store) == {b"a": b"1", b"ab": b"2"}


def test_a_batch_that_changes_nothing_still_moves_the_position(kept: Kept) -> None:
    commit(kept, kept.store.begin(), 7)
    kept.reopen()
    assert (seen(kept.store), position(kept)) == ({}, 7)


def test_every_partition_of_every_topic_has_a_position_of_its_own(kept: Kept) -> None:
    places = list(product((TOPIC, OTHER_TOPIC, f"{TOPIC}-dlq"), (0, 1, 10)))
    for offset, (topic, partition) in enumerate(places):
        commit(kept, kept.store.begin(), offset, topic=topic, partition=partition)
    kept.reopen()
    assert [
        position(kept, topic=topic, partition=partition) for topic, partition in places
    ] == list(range(len(places)))
    assert position(kept, partition=2) is None


def test_batches_of_two_partitions_under_way_at_once_keep_apart(kept: Kept) -> None:
    first, other = written(kept, {b"a": b"1"}), written(kept, {b"b": b"1"})
    commit(kept, other, 5, partition=1)
    kept.reopen()
    assert (seen(kept.store), position(kept), position(kept, partition=1)) == (
        {b"b": b"1"},
        None,
        5,
    )
    commit(kept, first, 3)
    assert (seen(kept.store), position(kept), position(kept, partition=1)) == (
        {b"a": b"1", b"b": b"1"},
        3,
        5,
    )


def test_a_value_read_ahead_is_the_stores_and_gives_way_to_the_batchs_own(kept: Kept) -> None:
    commit(kept, written(kept, {b"a": b"1", b"b": b"1"}), 1)
    work = written(kept, {b"a": b"2"})
    work.prefetch(KEYS)
    assert (work.get(b"a"), work.get(b"b"), work.get(b"ab")) == (b"2", b"1", None)


def test_a_write_cut_off_anywhere_leaves_effect_and_position_in_step(tmp_path: Path) -> None:
    with keeping(Closed, tmp_path) as whole:
        for offset in (1, 2):
            commit(whole, written(whole, dict.fromkeys(KEYS, b"%d" % offset)), offset)
        shutil.copytree(tmp_path / "rocksdb", tmp_path / "cut")
    (log,) = (tmp_path / "cut").glob("*.log")
    lengths = range(log.stat().st_size, -1, -5)
    found = [
        _cut_off(tmp_path / "cut", log.name, length, tmp_path / str(length)) for length in lengths
    ]
    assert set(found) == {
        (None, frozenset[bytes]()),
        (1, frozenset([b"1"])),
        (2, frozenset([b"2"])),
    }


def _cut_off(
    database: Path, log: str, length: int, copy: Path
) -> tuple[int | None, frozenset[bytes]]:
    """Position and values where the disk has so many bytes of the log."""
    shutil.copytree(database, copy)
    with (copy / log).open("r+b") as file:
        file.truncate(length)
    store = StateStore(copy)
    try:
        return offset_of(asyncio.run(store.position(TOPIC, 0))), frozenset(seen(store).values())
    finally:
        store.close()
