"""A runner whose log is replaced, cut or adopted while it works, over a store in memory."""

from pathlib import Path

import pytest

from infra.kafka.log_identity import LogId
from schemas.contract.codec import Codec
from schemas.contract.topics import DECLARATIONS
from schemas.contract.versions import version_of
from schemas.domain.log_epochs import PartitionEpochs, Span
from streams.errors import LogReplaced, OffsetGap
from streams.log_check import KnownLog
from streams.positions import Position
from tests.streams.fakes import SchemaFiles
from tests.streams.stage_bench import Bench

PLACE = (DECLARATIONS.name, 0)
FIRST, SECOND = LogId("cluster", "first"), LogId("cluster", "second")
CUT_AT_2 = PartitionEpochs((Span(0, 0), Span(2, 1)))
ANEW = PartitionEpochs((Span(0, 0), Span(0, 1)))


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    bench = Bench(Codec(SchemaFiles()), tmp_path)
    bench.runner.logs[PLACE] = KnownLog(FIRST)
    return bench


def counted(bench: Bench) -> list[bytes]:
    return list(bench.store.values.values())


def test_other_records_before_the_position_stop_the_stage(bench: Bench) -> None:
    bench.run(bench.records("a", "b", "c"))
    with pytest.raises(LogReplaced, match="come again"):
        bench.run(bench.records("x", "y", "z", "new"))
    assert (counted(bench), bench.position) == ([b"1"] * 3, 3)


def test_earlier_records_that_nothing_shows_to_be_the_same_stop_the_stage(bench: Bench) -> None:
    bench.run(bench.records("a", "b", "c"))
    with pytest.raises(LogReplaced):
        bench.run(bench.records("a"))


def test_positions_of_earlier_releases_have_no_marks_and_stop_nothing(bench: Bench) -> None:
    bench.store.known[PLACE] = Position(3)
    bench.run(bench.records("x"))
    bench.run(bench.records("a", "b", "c", "d"))
    assert (counted(bench), bench.position) == ([b"1"], 4)


def test_of_a_log_that_was_made_anew_and_adopted_every_record_is_read(bench: Bench) -> None:
    bench.run(bench.records("a", "b", "c"))
    bench.runner.logs[PLACE] = KnownLog(SECOND, ANEW)
    bench.run(bench.records("x", "y"))
    bench.run(bench.records("z", first=2))
    assert counted(bench) == [b"1"] * 6
    known = bench.store.known[PLACE]
    assert (known.next_offset, known.log_id, known.epoch) == (3, SECOND, 1)
    assert known.version == version_of(1, 3)


def test_of_a_log_that_was_cut_and_adopted_what_followed_the_cut_is_read(bench: Bench) -> None:
    bench.run(bench.records("a", "b", "lost", "lost too"))
    bench.runner.logs[PLACE] = KnownLog(FIRST, CUT_AT_2)
    bench.run(bench.records("c", "d", first=2))
    assert (counted(bench), bench.position) == ([b"1"] * 6, 4)


def test_an_adopted_log_has_no_gap_either(bench: Bench) -> None:
    bench.run(bench.records("a", "b", "lost"))
    bench.runner.logs[PLACE] = KnownLog(FIRST, CUT_AT_2)
    with pytest.raises(OffsetGap, match="expected offset 2, got 3"):
        bench.run(bench.records("d", first=3))


def test_a_batch_across_two_epochs_is_folded_as_two(bench: Bench) -> None:
    folded: list[list[int]] = []
    fold = bench.stage.fold

    def noting(records, work):  # type: ignore[no-untyped-def] # the stage's own signature
        folded.append([record.version for record in records])
        return fold(records, work)

    bench.stage.fold = noting  # type: ignore[method-assign] # it only looks on
    bench.runner.logs[PLACE] = KnownLog(FIRST, CUT_AT_2)
    bench.run(bench.records("a", "b", "c", "d"))
    assert folded == [[0, 1], [version_of(1, 2), version_of(1, 3)]]
    assert bench.position == 4
