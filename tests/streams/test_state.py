"""What a stage may ask of its store, held against RocksDB and against the stand-in of the fast tests: one contract for both. An effect and
the position after it are there together or not at all, however the process ended."""

import asyncio
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from streams.state import State, StateStore
from tests.streams.fakes import MemoryStore
from tests.waiting import wait_until

TOPIC, OTHER_TOPIC = "declarations", "journal"
KEYS = (b"a", b"a\x00", b"a\xff", b"ab", b"b", b"\xff", b"\xff\xff")
PREFIXES = (b"a", b"b", b"\xff")
"""Every key begins with one of them, and they with none but themselves."""


class Kept(Protocol):
    """A store whose process may end and be started again."""

    @property
    def store(self) -> StateStore | MemoryStore: ...

    def reopen(self) -> None: ...


class InMemory:
    """What was committed lives as long as the test."""

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
    """RocksDB, going on from the files as they were at an instant, which is what a killed process leaves."""

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
    """Whether no file came, grew or went in the meantime: RocksDB compacts when it likes."""
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


@pytest.fixture(params=KINDS, ids=lambda kind: kind.__name__)
def kept(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Kept]:
    with keeping(request.param, tmp_path) as kept:
        yield kept


def commit(
    kept: Kept, work: State, next_offset: int, *, topic: str = TOPIC, partition: int = 0
) -> None:
    asyncio.run(kept.store.commit(work, topic, partition, next_offset))


def position(kept: Kept, *, topic: str = TOPIC, partition: int = 0) -> int | None:
    return asyncio.run(kept.store.position(topic, partition))


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
    """All that a view shows, which must be the same in each of the three ways of asking."""
    scanned = {key: value for prefix in PREFIXES for key, value in view.scan(prefix)}
    assert {
        key: value
        for key, value in zip(KEYS, view.get_many(KEYS), strict=True)
        if value is not None
    } == scanned
    assert {key: value for key in KEYS if (value := view.get(key)) is not None} == scanned
    return scanned


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
    places = [
        (topic, partition)
        for topic in (TOPIC, OTHER_TOPIC, f"{TOPIC}-dlq")
        for partition in (0, 1, 10)
    ]
    for offset, (topic, partition) in enumerate(places):
        commit(kept, kept.store.begin(), offset, topic=topic, partition=partition)
    kept.reopen()
    assert [
        position(kept, topic=topic, partition=partition) for topic, partition in places
    ] == list(range(len(places)))
    assert position(kept, partition=2) is None


def test_batches_of_two_partitions_under_way_at_once_keep_apart(kept: Kept) -> None:
    one, other = written(kept, {b"a": b"1"}), written(kept, {b"b": b"1"})
    commit(kept, other, 5, partition=1)
    kept.reopen()
    assert (seen(kept.store), position(kept), position(kept, partition=1)) == (
        {b"b": b"1"},
        None,
        5,
    )
    commit(kept, one, 3)
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
        return asyncio.run(store.position(TOPIC, 0)), frozenset(seen(store).values())
    finally:
        store.close()


Write = tuple[bytes, bytes | None]
"""Puts, or deletes where there is no value."""
WRITES: st.SearchStrategy[list[Write]] = st.lists(
    st.tuples(st.sampled_from(KEYS), st.none() | st.binary(max_size=3)), max_size=4
)
PARTITIONS = range(3)


class BesideAModel(RuleBasedStateMachine):
    """A store beside plain dictionaries: what is committed, what the batch under way sees, and positions."""

    def __init__(self, kept: Kept) -> None:
        super().__init__()
        self._kept = kept
        self._committed: dict[bytes, bytes] = {}
        self._positions: dict[int, int] = {}
        self.give_up()

    @rule()
    def give_up(self) -> None:
        self._work, self._pending = self._kept.store.begin(), dict(self._committed)

    @rule(writes=WRITES)
    def write(self, writes: list[Write]) -> None:
        write(self._work, writes)
        self._model(writes)

    @rule(writes=WRITES, taken_over=st.booleans())
    def write_within(self, writes: list[Write], taken_over: bool) -> None:
        child = self._work.nested()
        write(child, writes)
        if taken_over:
            self._work.absorb(child)
            self._model(writes)

    @rule(partition=st.sampled_from(PARTITIONS), next_offset=st.integers(0, 1 << 40))
    def commit(self, partition: int, next_offset: int) -> None:
        commit(self._kept, self._work, next_offset, partition=partition)
        self._committed, self._positions[partition] = self._pending, next_offset
        self.give_up()

    @rule()
    def reopen(self) -> None:
        self._kept.reopen()
        self.give_up()

    @invariant()
    def agrees(self) -> None:
        assert seen(self._work) == self._pending
        assert seen(self._kept.store) == self._committed
        assert {one: position(self._kept, partition=one) for one in PARTITIONS} == {
            one: self._positions.get(one) for one in PARTITIONS
        }

    def teardown(self) -> None:
        self._kept.store.close()

    def _model(self, writes: list[Write]) -> None:
        self._pending = {
            key: value for key, value in (self._pending | dict(writes)).items() if value is not None
        }


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_any_sequence_of_operations_leaves_what_plain_dictionaries_hold(
    kind: Callable[[Path], Kept], tmp_path_factory: pytest.TempPathFactory
) -> None:
    def machine() -> BesideAModel:
        return BesideAModel(kind(tmp_path_factory.mktemp("kept")))

    played = settings(max_examples=40, stateful_step_count=20, deadline=None)
    run_state_machine_as_test(machine, settings=played)  # type: ignore[arg-type] # it takes any maker, not classes alone
