"""What is committed to the group is what was finished, whatever Faust takes for acknowledged."""

from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from faust.types import TP

from streams.batching import SCHEME, BatchingApp, Consumer, StartingPoint, Transport

HERE = TP("journal", 0)


@pytest.fixture
def consumer(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Makes a consumer without its connections."""
    monkeypatch.setattr(Consumer, "app", SimpleNamespace(consumer_generation_id=3), raising=False)
    bare = object.__new__(Consumer)
    bare.__dict__.update(
        _finished={},
        _in_work={HERE},
        _freed=SimpleNamespace(set=lambda: None),
        _acked=defaultdict(list),
        _acked_index=defaultdict(set),
    )
    return bare


def batch(last: int, generation: int = 3) -> Any:
    return SimpleNamespace(tp=HERE, offset=last, generation_id=generation)


def test_a_batch_cut_off_by_the_end_of_its_process_is_not_committed(consumer: Any) -> None:
    consumer._acked[HERE].append(41)
    assert consumer._new_offset(HERE) is None
    assert not consumer._acked[HERE]


def test_a_finished_batch_is_committed_once(consumer: Any) -> None:
    consumer.batch_done(batch(41))
    consumer._acked[HERE].append(41)
    assert [consumer._new_offset(HERE), consumer._new_offset(HERE)] == [42, None]


def test_a_batch_of_an_earlier_generation_is_not_committed_under_this_one(consumer: Any) -> None:
    consumer.batch_done(batch(41, generation=2))
    assert consumer._new_offset(HERE) is None


def test_a_partition_that_was_idle_is_not_taken_for_one_that_hangs(consumer: Any) -> None:
    """Faust logged an error when the first records came after five idle minutes."""
    judged: list[TP] = []
    consumer._thread = SimpleNamespace(verify_event_path=lambda now, tp: judged.append(tp))
    consumer.verify_event_path(1e9, HERE)
    assert judged == []


def test_the_app_says_how_large_a_batch_may_be_and_where_partitions_start(
    tmp_path: Path,
) -> None:
    async def start_at(committed: Mapping[TP, int]) -> Mapping[TP, StartingPoint]:
        return {tp: StartingPoint(offset, offset) for tp, offset in committed.items()}

    app = BatchingApp(
        "batches",
        batch_max_records=3,
        start_at=start_at,
        broker=f"{SCHEME}://localhost:1",
        datadir=str(tmp_path),
        web_enabled=False,
    )
    assert isinstance(app.transport, Transport)
    assert app.transport.Consumer is Consumer
    assert app.batch_max_records == 3
    assert app.start_at is start_at
