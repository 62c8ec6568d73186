"""One batch of all partitions ends as one batch of each would, whatever happens in between."""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.contract.codec import Codec
from schemas.contract.topics import CHECKPOINT_SCANS, DECLARATIONS
from streams.errors import OffsetGap, Superseded
from tests.streams.partitions import Ended, Partitions, log_of, without_repeats
from tests.streams.stage_bench import Bench, ParticularStore, Record

LENGTHS = (9, 4, 0, 13)
CUTS = st.lists(
    st.dictionaries(st.integers(0, len(LENGTHS) - 1), st.integers(1, 5), min_size=1), max_size=8
)


def expected(directory: Path) -> Partitions:
    """Returns partitions that were read one after another, a record at a time."""
    partitions = Partitions(directory, LENGTHS)
    for number, length in enumerate(LENGTHS):
        for _ in range(length):
            partitions.run({number: 1})
    return partitions


@settings(max_examples=100, deadline=None)
@given(cuts=CUTS)
def test_any_cut_into_batches_has_the_same_outputs_effects_and_positions(
    cuts: Sequence[dict[int, int]],
) -> None:
    with TemporaryDirectory() as directory:
        partitions = Partitions(Path(directory), LENGTHS)
        for sizes in cuts:
            partitions.run(sizes)
        partitions.run_to_the_end()
        singly = expected(Path(directory))
        assert partitions.outcome() == singly.outcome()
        assert partitions.broker.by_key == singly.broker.by_key


@settings(max_examples=100, deadline=None)
@given(
    cuts=CUTS,
    step=st.sampled_from(("after the flush", "before the commit", "after the commit")),
    ends_at=st.integers(1, 6),
)
def test_a_process_that_ends_at_any_step_is_made_up_for_without_loss(
    cuts: Sequence[dict[int, int]], step: str, ends_at: int
) -> None:
    with TemporaryDirectory() as directory:
        partitions = Partitions(Path(directory), LENGTHS)
        if step == "after the flush":
            partitions.broker.ends_at = ends_at
        else:
            partitions.store.ends_at = ends_at
            partitions.store.ends_after = step == "after the commit"
        for sizes in cuts:
            try:
                partitions.run(sizes)
            except Ended:
                partitions.start()
        try:
            partitions.run_to_the_end()
        except Ended:
            partitions.start()
        partitions.run_to_the_end()
        singly = expected(Path(directory))
        assert partitions.outcome() == singly.outcome()
        assert without_repeats(partitions.broker.by_key) == singly.broker.by_key


def test_a_batch_has_one_flush_and_one_commit_however_many_partitions(tmp_path: Path) -> None:
    partitions = Partitions(tmp_path, [3] * 64)
    partitions.run(dict.fromkeys(range(64), 3))
    assert (partitions.broker.flushes, partitions.store.commits) == (1, 1)
    assert set(partitions.outcome()[1].values()) == {3}


def test_a_partition_that_has_to_wait_holds_back_no_other(tmp_path: Path) -> None:
    partitions = Partitions(tmp_path, LENGTHS)
    partitions.stage.waiting = (1,)
    first = partitions.run({0: 9, 1: 4, 3: 13})
    second = partitions.run({1: 4})
    assert partitions.outcome()[1] == {0: 9, 1: 0, 2: 0, 3: 13}
    place = (DECLARATIONS.name, 1)
    assert first.keys() == second.keys() == {place}
    assert second[place] == 2 * first[place]
    partitions.stage.waiting = ()
    assert partitions.run({1: 4}) == {}
    assert partitions.outcome() == expected(tmp_path).outcome()


def test_a_batch_whose_partitions_are_given_out_anew_leaves_nothing_behind(tmp_path: Path) -> None:
    """Of what is read again this worker has a part by then, and its successor the rest."""

    def revoked() -> None:
        assert partitions.broker.flushes == 0
        raise Superseded("generation 1 has ended")

    partitions = Partitions(tmp_path, LENGTHS)
    with pytest.raises(Superseded):
        partitions.run({0: 9, 1: 4, 3: 13}, revoked)
    assert partitions.outcome() == ({}, dict.fromkeys(range(4), 0))
    partitions.run({0: 9, 1: 4})
    successor = Partitions(tmp_path, LENGTHS)
    successor.broker = partitions.broker
    successor.start()
    successor.run({3: 13})
    singly = expected(tmp_path)
    assert partitions.broker.by_key == singly.broker.by_key
    assert partitions.store.values | successor.store.values == singly.store.values


def test_a_gap_in_one_partition_keeps_nothing_of_the_batch(tmp_path: Path) -> None:
    partitions = Partitions(tmp_path, LENGTHS)
    partitions.run({0: 1, 1: 1})
    batch = [partitions.log[0][1:3], partitions.log[1][2:]]
    with pytest.raises(OffsetGap, match=r"declarations\[1\]: expected offset 1, got 2"):
        asyncio.run(partitions.runner.run(batch))
    assert partitions.outcome()[1] == {0: 1, 1: 1, 2: 0, 3: 0}


def test_topics_of_one_partition_number_see_one_anothers_effects_in_a_batch(
    tmp_path: Path,
) -> None:
    partitions = Partitions(tmp_path, (3,))
    scans = log_of(0, 2, CHECKPOINT_SCANS.name)
    asyncio.run(partitions.runner.run([partitions.log[0], scans]))
    after_each_other = Partitions(tmp_path, (3,))
    for records in (after_each_other.log[0], scans):
        asyncio.run(after_each_other.runner.run([records]))
    assert partitions.store.values == after_each_other.store.values
    assert (partitions.broker.flushes, after_each_other.broker.flushes) == (1, 2)


def of_partition(number: int, records: list[Record]) -> list[Record]:
    for record in records:
        record.partition = number
    return records


def test_poison_in_one_partition_is_set_aside_and_all_others_go_on(
    codec: Codec, tmp_path: Path
) -> None:
    bench = Bench(codec, tmp_path)
    poisoned = [*bench.records("a"), Record(b"{}", 1), *bench.records("b", first=2)]
    bench.run(poisoned, of_partition(1, bench.records("c", "d")))
    assert [letter.source_offset for letter in bench.letters_written()] == [1]
    assert set(bench.store.values.values()) == {b"1"}
    positions = {place: at.next_offset for place, at in bench.store.known.items()}
    assert positions == {(DECLARATIONS.name, 0): 3, (DECLARATIONS.name, 1): 2}


@pytest.mark.parametrize("refused", [f"{number} 1" for number in range(5)])
def test_what_the_store_can_never_hold_is_found_among_all_partitions(
    codec: Codec, tmp_path: Path, refused: str
) -> None:
    bench = Bench(codec, tmp_path, store=ParticularStore(refused))
    batch = [
        of_partition(number, bench.records(*(f"{number} {offset}" for offset in range(3))))
        for number in range(5)
    ]
    bench.run(*batch)
    letters = [
        (letter.source_partition, letter.source_offset) for letter in bench.letters_written()
    ]
    assert letters == [(int(refused[0]), 1)]
    assert list(bench.store.values.values()) == [b"1"] * 14
    assert {at.next_offset for at in bench.store.known.values()} == {3}
