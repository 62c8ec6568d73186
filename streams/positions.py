"""Where a stage stands in a partition, and whether the broker's log is the one it stands in.

An offset alone does not say which log it is of. So a position carries the ids of its log and marks
of records that were read: a log that was cut, or replaced by an older copy, has other records
there. All of it is pure; `streams/log_check.py` asks the broker.
"""

import zlib
from collections.abc import Callable, Iterable
from typing import Protocol

import msgspec

from infra.kafka.log_identity import LogId, PartitionLog
from schemas.contract.versions import version_of
from schemas.domain.log_epochs import PartitionEpochs

NEWEST_MARKS = 8
"""So many marks of the last batches are kept; older ones only at growing distances."""
WAY_OUT = (
    "Way out: if this is the right cluster, 'dibiendong adopt-log' begins a new epoch; "
    "if not, correct DIBIENDONG_BOOTSTRAP_SERVERS or DIBIENDONG_DATA_DIR "
    "(docs/operations.md)"
)


class MarkedRecord(Protocol):
    offset: int
    timestamp: int
    value: bytes | None


class Mark(msgspec.Struct, frozen=True, array_like=True):
    """A record that was read: another log is most unlikely to have the same one there."""

    offset: int
    timestamp_ms: int
    checksum: int
    """CRC-32 of the record's value."""

    def is_of(self, record: MarkedRecord) -> bool:
        return self == mark_of(record)


class Position(msgspec.Struct, frozen=True, array_like=True):
    """Stored states have these fields in this order: new ones come last, with a default."""

    next_offset: int
    log_id: LogId | None = None
    """None in positions of releases that did not know of logs: these fit where they can lie."""
    epoch: int = 0
    """The newest epoch of the partition when this was written."""
    marks: tuple[Mark, ...] = ()
    """Records that were read, the newest first."""

    @property
    def version(self) -> int:
        return version_of(self.epoch, self.next_offset)

    def after(self, last: MarkedRecord, log_id: LogId | None, epoch: int) -> "Position":
        """Returns the position behind the last record of a batch."""
        marks = self.marks if self.epoch == epoch else ()
        return Position(last.offset + 1, log_id, epoch, thinned((mark_of(last), *marks)))


BEGINNING = Position(0)


class Misfit(msgspec.Struct, frozen=True):
    """A position that the broker's log does not continue."""

    topic: str
    partition: int
    reason: str
    """A sentence for the operator."""
    first_offset: int
    """From here on the log has records that the stage has not read, if the log is adopted."""
    topic_id: str
    cluster_id: str
    is_of_another_topic: bool
    """Whether the topic was made anew, or is another cluster's."""


def mark_of(record: MarkedRecord) -> Mark:
    return Mark(record.offset, record.timestamp, zlib.crc32(record.value or b""))


def thinned(marks: tuple[Mark, ...]) -> tuple[Mark, ...]:
    """Keeps the newest marks, and of the older ones one for each doubling of the distance."""
    newest = marks[0].offset
    kept = list(marks[:NEWEST_MARKS])
    oldest_of_distance: dict[int, Mark] = {}
    for mark in marks[NEWEST_MARKS:]:
        oldest_of_distance[(newest - mark.offset).bit_length()] = mark
    return (*kept, *oldest_of_distance.values())


def start_in(position: Position | None, epochs: PartitionEpochs, log_id: LogId | None) -> int:
    """Returns the offset from which a stage reads on; the position must fit the log."""
    if position is None:
        return 0
    adopted = epochs.adopted_after(position.epoch)
    if adopted is None:
        return position.next_offset
    if log_id is not None and position.log_id not in (None, log_id):
        return adopted
    return min(adopted, position.next_offset)


def newest_known(of_cluster: int, positions: Iterable[Position]) -> int:
    """Returns the newest epoch that the cluster or a position knows; the next one is higher.

    A cluster that lost the topic of the epochs knows fewer than the positions do.
    """
    return max([of_cluster, *(position.epoch for position in positions)])


def finished_before(
    position: Position | None, committed: int, start: int, epochs: PartitionEpochs
) -> int:
    """Returns up to which offset the stage's group had finished the log that is read now.

    What the group committed before an adoption may be an offset of the log before.
    """
    adopted = epochs.adopted_after(0 if position is None else position.epoch)
    return committed if adopted is None else min(committed, start)


def reason_not_to_fit(
    position: Position, log: PartitionLog, epochs: PartitionEpochs, newest_epoch: int
) -> str | None:
    """Returns why the position is not one of this log, by ids and ends; None if it may be.

    Marks are not looked at. An adopted log fits every position of earlier epochs.
    """
    if position.epoch > newest_epoch:
        return f"it is of epoch {position.epoch}, and the cluster knows none after {newest_epoch}"
    if epochs.adopted_after(position.epoch) is not None:
        return None
    known = position.log_id
    if known is not None and known.topic_id != log.log_id.topic_id:
        return (
            f"it is of topic id {known.topic_id} in cluster {known.cluster_id}, "
            f"and the broker has topic id {log.log_id.topic_id} in cluster {log.log_id.cluster_id}"
        )
    if position.next_offset > log.end:
        return f"the log ends at offset {log.end}"
    if known is None and position.next_offset < log.start:
        return f"the log begins at offset {log.start}"
    return None


def read_until(position: Position, log: PartitionLog, is_there: Callable[[Mark], bool]) -> int:
    """Returns the offset before which the log surely has the records that were read.

    `is_there` says whether the log has the record of a mark. Records of another topic id were
    never read. A log that was cut has them up to its newest mark that is still there, at least.
    """
    if position.log_id is None or position.log_id.topic_id != log.log_id.topic_id:
        return log.start
    marks = [mark for mark in position.marks if log.start <= mark.offset < log.end]
    low, high = 0, len(marks)
    while low < high:
        middle = (low + high) // 2
        if is_there(marks[middle]):
            high = middle
        else:
            low = middle + 1
    return marks[low].offset + 1 if low < len(marks) else log.start
