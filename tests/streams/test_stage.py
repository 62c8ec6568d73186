"""Faulty records through guard and runner: dead letters, their limit, and no half effects."""

from pathlib import Path

import pytest

from schemas.contract.codec import Codec
from streams import runner as runner_module
from streams.errors import StageHeld, StateLost
from tests.streams.people import declaration
from tests.streams.stage_bench import Bench, ParticularStore, Record


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runner_module, "FIRST_RETRY_S", 0.0)


@pytest.fixture
def bench(codec: Codec, tmp_path: Path) -> Bench:
    return Bench(codec, tmp_path)


def test_poison_is_set_aside_whole_and_the_rest_goes_on(bench: Bench) -> None:
    bench.run([*bench.records("a"), Record(b"{}", 1), *bench.records("b", first=2)])
    letter = bench.letters_written()[0]
    assert letter.kind == "poison"
    assert letter.record_value == b"{}"
    assert letter.source_offset == 1
    assert letter.stage == "copying"
    assert len(bench.store.values) == 2
    assert bench.position == 3


def test_bug_on_one_record_sets_that_one_aside_without_half_of_its_effect(bench: Bench) -> None:
    bench.run(
        [
            *bench.records("a"),
            *bench.records("bad", first=1, purpose="fail"),
            *bench.records("b", first=2),
        ]
    )
    assert [letter.kind for letter in bench.letters_written()] == ["unexpected"]
    assert set(bench.store.values) == {declaration(name).event_id.encode() for name in ("a", "b")}
    assert set(bench.store.values.values()) == {b"1"}


@pytest.mark.parametrize("refused", ["a", "c", "e"])
def test_what_the_store_can_never_hold_is_set_aside_and_the_rest_of_the_batch_goes_on(
    codec: Codec, tmp_path: Path, refused: str
) -> None:
    names = "abcde"
    bench = Bench(codec, tmp_path, store=ParticularStore(refused))
    bench.run(bench.records(*names))
    letters = [
        (letter.kind, letter.source_offset, letter.reason) for letter in bench.letters_written()
    ]
    assert letters == [("poison", names.index(refused), "a value does not fit its column")]
    stored = {declaration(name).event_id.encode() for name in names if name != refused}
    assert set(bench.store.values) == stored
    assert bench.position == 5


def test_a_corrupt_database_is_no_fault_of_the_record_it_was_found_at(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    def corrupt(key: bytes) -> bytes:
        raise StateLost("corrupt")

    monkeypatch.setattr(bench.store, "get", corrupt)
    with pytest.raises(StateLost):
        bench.run(bench.records("a"))
    assert (bench.broker.written, bench.position) == ([], None)


def test_too_many_dead_letters_hold_the_stage_and_keep_nothing_of_the_batch(
    codec: Codec, tmp_path: Path
) -> None:
    bench = Bench(codec, tmp_path, most=2)
    bench.run([Record(b"{}", 0), Record(b"{}", 1)])
    with pytest.raises(StageHeld, match="limit 2"):
        bench.run([Record(b"{}", 2), *bench.records("a", first=3)])
    assert (
        bench.position,
        bench.letters.held_because() is not None,
        len(bench.letters_written()),
    ) == (2, True, 2)


def test_a_restart_does_not_buy_another_allowance(codec: Codec, tmp_path: Path) -> None:
    Bench(codec, tmp_path, most=2).run([Record(b"{}", 0), Record(b"{}", 1)])
    with pytest.raises(StageHeld):
        Bench(codec, tmp_path, most=2).run([Record(b"{}", 0)])


def test_an_unexpected_failure_counts_double(codec: Codec, tmp_path: Path) -> None:
    with pytest.raises(StageHeld):
        Bench(codec, tmp_path, most=1).run(Bench(codec, tmp_path).records("bad", purpose="fail"))
