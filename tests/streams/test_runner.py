"""The runner of every stage: retries, ownership, positions, replays, turns of partitions."""

import asyncio
from pathlib import Path

import pytest

from schemas.contract.codec import Codec
from schemas.contract.errors import Busy
from schemas.contract.topics import CHECKPOINT_SCANS, DECLARATIONS
from streams import runner as runner_module
from streams.errors import OffsetGap, Superseded
from tests.streams.people import declaration
from tests.streams.stage_bench import Bench, Broker, Record, SlowBroker


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runner_module, "FIRST_RETRY_S", 0.0)


@pytest.fixture
def bench(codec: Codec, tmp_path: Path) -> Bench:
    return Bench(codec, tmp_path)


def test_batch_is_written_and_its_position_kept_with_its_effect(bench: Bench) -> None:
    bench.run(bench.records("a", "b"))
    assert len(bench.broker.written) == 2
    assert len(bench.store.values) == 2
    assert bench.position == 2


def test_busy_and_unavailable_are_waited_for_and_nothing_is_lost_or_doubled(
    codec: Codec, tmp_path: Path
) -> None:
    bench = Bench(codec, tmp_path, broker=Broker(refusals=3))
    bench.stage.busy = 2
    bench.run(bench.records("a"))
    assert list(bench.store.values.values()) == [b"1"]
    assert len(bench.broker.written) == 1
    assert bench.position == 1


def test_a_batch_that_another_has_by_now_leaves_nothing_behind(bench: Bench) -> None:
    def lost() -> None:
        raise Superseded("generation 1 has ended")

    with pytest.raises(Superseded):
        asyncio.run(bench.runner.run([bench.records("a")], lost))
    assert (bench.broker.written, bench.store.values, bench.position) == ([], {}, None)


def test_ownership_is_asked_for_again_before_every_try(bench: Bench) -> None:
    answers = [Busy("not confirmed"), Busy("not confirmed"), None]

    def check() -> None:
        assert not bench.broker.written
        if (answer := answers.pop(0)) is not None:
            raise answer

    asyncio.run(bench.runner.run([bench.records("a")], check))
    assert (answers, len(bench.broker.written), bench.position) == ([], 1, 1)


def test_records_before_the_position_are_not_folded_again(bench: Bench) -> None:
    bench.run(bench.records("a", "b"))
    bench.run(bench.records("a", "b", "c"))
    assert list(bench.store.values.values()) == [b"1", b"1", b"1"]


def test_a_gap_after_the_position_stops_the_stage(bench: Bench) -> None:
    bench.run(bench.records("a"))
    with pytest.raises(OffsetGap, match="expected offset 1, got 5"):
        bench.run(bench.records("f", first=5))


def test_lost_state_is_folded_again_in_silence_up_to_what_was_finished(bench: Bench) -> None:
    bench.runner.replay_until = {(DECLARATIONS.name, 0): 2}
    bench.run(bench.records("a", "b", "c"))
    assert (len(bench.store.values), len(bench.broker.written), bench.position) == (3, 1, 3)


def test_what_was_set_aside_before_is_not_set_aside_or_counted_again_when_state_is_folded_again(
    codec: Codec, tmp_path: Path
) -> None:
    bench = Bench(codec, tmp_path, most=1)
    bench.runner.replay_until = {(DECLARATIONS.name, 0): 3}
    bench.run([*bench.records("a"), Record(b"{}", 1), Record(b"{}", 2), Record(b"{}", 3)])
    assert [letter.source_offset for letter in bench.letters_written()] == [3]
    assert (len(bench.store.values), bench.position, bench.letters.held_because()) == (1, 4, None)


def test_a_batch_tried_again_leaves_out_what_was_finished_meanwhile(bench: Bench) -> None:
    """A rebuild that swapped in tables which are further on does this."""
    bench.move_position_during_a_refusal(1)
    bench.run(bench.records("a", "b"))
    assert (set(bench.store.values), bench.position) == ({declaration("b").event_id.encode()}, 2)


def test_a_batch_tried_again_that_starts_after_the_position_stops_the_stage(bench: Bench) -> None:
    """A rebuild that swapped in tables which are not as far does this."""
    bench.run(bench.records("a", "b"))
    bench.move_position_during_a_refusal(1)
    with pytest.raises(OffsetGap, match="expected offset 1, got 2"):
        bench.run(bench.records("c", first=2))


@pytest.mark.parametrize(("partition", "at_a_time"), [(0, 1), (1, 2)])
def test_batches_take_turns_within_a_partition_number_and_overlap_across(
    codec: Codec, tmp_path: Path, partition: int, at_a_time: int
) -> None:
    """Both batches have the same key, as a document's declaration and its link do.

    The second fold depends on what the first wrote.
    """
    slow = SlowBroker()
    bench = Bench(codec, tmp_path, broker=slow)
    other = [
        Record(record.value, 0, CHECKPOINT_SCANS.name, partition) for record in bench.records("a")
    ]

    async def running() -> None:
        batches = [
            asyncio.ensure_future(bench.runner.run([records]))
            for records in (bench.records("a"), other)
        ]
        for _ in range(20):
            await asyncio.sleep(0)
        assert slow.waiting == at_a_time
        slow.let_go.set()
        await asyncio.gather(*batches)

    asyncio.run(running())
    assert list(bench.store.values.values()) == [b"2" if at_a_time == 1 else b"1"]
