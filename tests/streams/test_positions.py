"""Positions against logs that were cut, replaced, adopted or left alone."""

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infra.kafka.log_identity import LogId, PartitionLog
from schemas.contract.versions import version_of
from schemas.domain.log_epochs import EPOCH_0, PartitionEpochs, Span
from streams.positions import (
    BEGINNING,
    NEWEST_MARKS,
    Mark,
    Position,
    finished_before,
    mark_of,
    newest_known,
    read_until,
    reason_not_to_fit,
    start_in,
    thinned,
)

HERE = LogId("cluster", "topic")
ELSEWHERE = LogId("other cluster", "other topic")
ADOPTED = PartitionEpochs((Span(0, 0), Span(680, 1)))


@dataclass
class Record:
    offset: int
    timestamp: int = 0
    value: bytes | None = b"value"


def log(end: int, start: int = 0, log_id: LogId = HERE) -> PartitionLog:
    return PartitionLog(log_id, start, end)


def after(batches: list[int], log_id: LogId = HERE) -> Position:
    """Returns the position of a stage that read batches which end at these offsets."""
    position = BEGINNING
    for last in batches:
        position = position.after(Record(last), log_id, 0)
    return position


@pytest.mark.parametrize(
    ("position", "its_log", "reason"),
    [
        (Position(700, HERE), log(700), None),
        (Position(700, HERE), log(699), "ends at offset 699"),
        (Position(700, ELSEWHERE), log(900), "topic id other topic in cluster other cluster"),
        (Position(700, HERE), log(900, start=800), None),
        (Position(700), log(700, start=700), None),
        (Position(700), log(699), "ends at offset 699"),
        (Position(700), log(900, start=701), "begins at offset 701"),
        (Position(700, HERE, epoch=2), log(900), "epoch 2"),
    ],
)
def test_a_position_fits_its_own_log_alone(
    position: Position, its_log: PartitionLog, reason: str | None
) -> None:
    found = reason_not_to_fit(position, its_log, EPOCH_0, newest_epoch=1)
    assert (found is None) if reason is None else (reason in str(found))


def test_an_adopted_log_fits_positions_of_earlier_epochs_and_no_later_cut() -> None:
    assert reason_not_to_fit(Position(773, HERE), log(690), ADOPTED, newest_epoch=1) is None
    assert reason_not_to_fit(Position(773, ELSEWHERE), log(690), ADOPTED, newest_epoch=1) is None
    again = reason_not_to_fit(Position(773, HERE, epoch=1), log(690), ADOPTED, newest_epoch=1)
    assert "ends at offset 690" in str(again)


@pytest.mark.parametrize(
    ("position", "start"),
    [
        (None, 0),
        (Position(300, HERE), 300),
        (Position(773, HERE), 680),
        (Position(300, ELSEWHERE), 680),
        (Position(773, ELSEWHERE), 680),
        (Position(700, HERE, epoch=1), 700),
    ],
)
def test_an_adopted_log_is_read_from_the_first_record_that_was_not_read(
    position: Position | None, start: int
) -> None:
    assert start_in(position, ADOPTED, HERE) == start


def test_the_next_epoch_is_above_those_that_only_positions_know() -> None:
    """The topic of the epochs may be lost with the rest of the broker's disk."""
    assert newest_known(0, [Position(773, HERE, epoch=2), Position(1, HERE)]) == 2
    assert newest_known(3, [Position(773, HERE, epoch=2)]) == 3
    assert newest_known(3, []) == 3


def test_what_the_group_committed_before_an_adoption_does_not_silence_what_comes_after() -> None:
    assert finished_before(Position(773, HERE), 773, 680, ADOPTED) == 680
    assert finished_before(None, 773, 0, EPOCH_0) == 773
    assert finished_before(Position(500, HERE), 773, 500, EPOCH_0) == 773


@given(st.lists(st.integers(1, 5_000), min_size=1, max_size=300))
def test_marks_stay_few_and_reach_back_to_any_distance(sizes: list[int]) -> None:
    ends = [sum(sizes[: number + 1]) - 1 for number in range(len(sizes))]
    position = after(ends)
    offsets = [mark.offset for mark in position.marks]
    assert offsets == sorted(set(offsets), reverse=True)
    assert offsets[:NEWEST_MARKS] == ends[::-1][:NEWEST_MARKS]
    assert len(offsets) <= NEWEST_MARKS + ends[-1].bit_length() + 1
    for end in ends:
        distance = ends[-1] - end
        behind = [ends[-1] - offset for offset in offsets if ends[-1] - offset >= distance]
        assert not behind or min(behind) <= 4 * max(distance, 1) + 2 * max(sizes)


@given(
    st.lists(st.integers(1, 50), min_size=1, max_size=60),
    st.data(),
)
def test_of_a_cut_log_nothing_is_taken_for_read_that_was_not(
    sizes: list[int], data: st.DataObject
) -> None:
    ends = [sum(sizes[: number + 1]) - 1 for number in range(len(sizes))]
    position = after(ends)
    cut = data.draw(st.integers(0, ends[-1]))
    regrown = data.draw(st.integers(cut, ends[-1] + 50))

    def is_there(mark: Mark) -> bool:
        return mark.offset < cut

    first = read_until(position, log(regrown), is_there)
    assert first <= cut
    whole = [mark.offset + 1 for mark in position.marks if mark.offset < cut]
    assert first == max(whole, default=0)


def test_a_log_made_anew_was_not_read_at_all() -> None:
    position = after([10, 20, 30])
    assert read_until(position, log(900, start=5, log_id=ELSEWHERE), lambda _: True) == 5
    assert read_until(Position(700), log(600, start=5), lambda _: True) == 5


@given(
    st.lists(
        st.tuples(st.integers(1, 9), st.integers(0, 500)), max_size=6, unique_by=lambda s: s[0]
    )
)
def test_versions_rise_with_the_offset_and_from_epoch_to_epoch(
    adoptions: list[tuple[int, int]],
) -> None:
    spans = [Span(first, epoch) for epoch, first in sorted(adoptions)]
    epochs = PartitionEpochs((Span(0, 0), *spans))
    versions = [epochs.version(offset) for offset in range(600)]
    assert versions[-1] == version_of(epochs.newest, 599)
    for span in spans:
        assert epochs.version(599) > version_of(span.epoch, 0)
        assert epochs.adopted_after(span.epoch - 1) is not None
    begun = spans[-1].first_offset if spans else 0
    assert versions[begun:] == sorted(versions[begun:])
    assert epochs.floor < version_of(epochs.newest, 0) <= versions[-1]


def test_a_record_is_told_from_any_other_by_its_mark() -> None:
    mark = mark_of(Record(7, timestamp=5, value=b"value"))
    assert mark.is_of(Record(7, timestamp=5, value=b"value"))
    others = [
        Record(8, 5, b"value"),
        Record(7, 6, b"value"),
        Record(7, 5, b"other"),
        Record(7, 5, None),
    ]
    assert not any(mark.is_of(other) for other in others)


def test_the_marks_of_an_earlier_epoch_say_nothing_of_a_later_one() -> None:
    later = after([10, 20]).after(Record(5), HERE, 1)
    assert [mark.offset for mark in later.marks] == [5]
    assert thinned(later.marks) == later.marks
