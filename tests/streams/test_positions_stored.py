"""Positions as a state stores them, and as earlier releases did."""

import asyncio
from pathlib import Path

from infra.kafka.log_identity import LogId
from streams.positions import Mark, Position
from streams.state import StateStore, decode_position


def test_a_position_comes_back_as_it_was_stored(tmp_path: Path) -> None:
    marks = (Mark(41, 1_632_000_000_000, 7), Mark(12, 1_631_000_000_000, 8))
    position = Position(42, LogId("cluster", "topic"), 3, marks)
    store = StateStore(tmp_path / "rocksdb")
    asyncio.run(store.commit([], {("journal", 1): position}))
    assert asyncio.run(store.position("journal", 1)) == position
    assert store.positions() == {("journal", 1): position}
    store.close()


def test_a_position_of_an_earlier_release_is_an_offset_of_no_known_log() -> None:
    assert decode_position(b"123") == Position(123)


def test_a_checkpoint_is_the_state_as_it_was_while_the_stage_goes_on(tmp_path: Path) -> None:
    store = StateStore(tmp_path / "rocksdb")
    work = store.begin()
    work.put(b"key", b"before")
    asyncio.run(store.commit([work], {("journal", 0): Position(1)}))
    store.checkpoint(tmp_path / "checkpoint")
    work = store.begin()
    work.put(b"key", b"after")
    asyncio.run(store.commit([work], {("journal", 0): Position(2)}))
    copied = StateStore(tmp_path / "checkpoint")
    assert (copied.get(b"key"), copied.positions()) == (b"before", {("journal", 0): Position(1)})
    copied.put_position("journal", 0, Position(1, LogId("cluster", "restored")))
    assert copied.positions()["journal", 0].log_id == LogId("cluster", "restored")
    copied.close()
    store.close()
