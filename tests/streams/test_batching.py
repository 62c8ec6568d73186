"""What is committed to the group is what was finished, whatever Faust takes for acknowledged."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from faust.types import TP

from streams.batching import SCHEME, BatchingApp, Consumer, StartingPoint, Transport
from streams.held import HeldRecords
from tests.streams.stage_bench import Record

HERE, THERE = TP("journal", 0), TP("journal", 1)


@pytest.fixture
def consumer(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Makes a consumer without its connections, with one batch in work."""
    app = SimpleNamespace(consumer_generation_id=3, batches_at_a_time=1, gathers=False)
    monkeypatch.setattr(Consumer, "app", app, raising=False)
    bare = object.__new__(Consumer)
    bare.__dict__.update(
        _finished={},
        _held=HeldRecords(10),
        _batches_in_work=1,
        _rests_until=0.0,
        _fetching=None,
        _freed=SimpleNamespace(set=lambda: None),
        _acked=defaultdict(list),
        _acked_index=defaultdict(set),
    )
    return bare


def records(place: TP, *offsets: int) -> list[Record]:
    return [Record(b"", offset, *place) for offset in offsets]


def batch(last: int, generation: int = 3) -> Any:
    return SimpleNamespace(value=[records(HERE, last)], generation_id=generation)


def test_a_batch_cut_off_by_the_end_of_its_process_is_not_committed(consumer: Any) -> None:
    consumer._acked[HERE].append(41)
    assert consumer._new_offset(HERE) is None
    assert not consumer._acked[HERE]


def test_a_finished_batch_is_committed_once(consumer: Any) -> None:
    consumer.batch_done(batch(41), {})
    consumer._acked[HERE].append(41)
    assert [consumer._new_offset(HERE), consumer._new_offset(HERE)] == [42, None]


def test_a_batch_of_an_earlier_generation_is_not_committed_under_this_one(consumer: Any) -> None:
    consumer.batch_done(batch(41, generation=2), {})
    assert consumer._new_offset(HERE) is None


def test_every_partition_of_a_batch_is_committed_but_not_those_whose_records_wait(
    consumer: Any,
) -> None:
    done = SimpleNamespace(value=[records(HERE, 4, 5), records(THERE, 7)], generation_id=3)
    consumer.batch_done(done, {THERE: 0.0})
    assert set(consumer._filter_tps_with_pending_acks()) == {HERE}
    assert [consumer._new_offset(HERE), consumer._new_offset(THERE)] == [6, None]
    assert consumer._next_batch() == [records(THERE, 7)]


def test_the_next_batch_has_what_came_meanwhile_in_all_partitions(consumer: Any) -> None:
    consumer._held.add({HERE: records(HERE, 1), THERE: records(THERE, 2)})
    assert consumer._next_batch() == []  # one is in work
    consumer.batch_done(batch(0), {})
    consumer._held.add({HERE: records(HERE, 2)})
    assert consumer._next_batch() == [records(HERE, 1, 2), records(THERE, 2)]


def test_a_rest_holds_the_next_batch_back_until_it_is_full(
    consumer: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("streams.batching.FULL_ROWS", 3)
    consumer.batch_done(batch(0), {}, 60.0)
    consumer._held.add({HERE: records(HERE, 1), THERE: records(THERE, 1)})
    assert consumer._next_batch() == []
    assert 50.0 < consumer._timeout_s() <= 60.0
    consumer._held.add({HERE: records(HERE, 2)})
    assert len(consumer._next_batch()) == 2


def test_where_batches_gather_a_small_one_waits_for_the_one_in_work_and_a_full_one_does_not(
    consumer: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("streams.batching.FULL_ROWS", 3)
    consumer.app.batches_at_a_time = 2
    consumer.app.gathers = True
    consumer._held.add({HERE: records(HERE, 1, 2)})
    assert consumer._next_batch() == []
    consumer._held.add({THERE: records(THERE, 1)})
    assert len(consumer._next_batch()) == 2


def test_a_partition_that_was_idle_is_not_taken_for_one_that_hangs(consumer: Any) -> None:
    """Faust logged an error when the first records came after five idle minutes."""
    judged: list[TP] = []
    consumer._thread = SimpleNamespace(verify_event_path=lambda now, tp: judged.append(tp))
    consumer.verify_event_path(1e9, HERE)
    assert judged == []


def test_the_app_says_how_large_a_batch_may_be_and_where_partitions_start(
    tmp_path: Path,
) -> None:
    async def start_at(
        committed: Mapping[TP, int], unseen: Sequence[str]
    ) -> Mapping[TP, StartingPoint]:
        return {tp: StartingPoint(offset, offset) for tp, offset in committed.items()}

    app = BatchingApp(
        "batches",
        batch_max_records=3,
        batches_at_a_time=2,
        gathers=False,
        fetching=0.25,
        start_at=start_at,
        broker=f"{SCHEME}://localhost:1",
        datadir=str(tmp_path),
        web_enabled=False,
    )
    assert isinstance(app.transport, Transport)
    assert app.transport.Consumer is Consumer
    assert app.batch_max_records == 3
    assert app.start_at is start_at
