"""A partition's share of a batch: its next records, in order, all of one epoch."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Self

from infra.kafka.offsets import Place
from streams.errors import LogReplaced, OffsetGap
from streams.log_check import UNKNOWN_LOG, KnownLog
from streams.positions import BEGINNING, Position, start_in
from streams.stage import RawRecord


@dataclass(frozen=True, slots=True)
class Share:
    """Records of one partition, in order."""

    records: Sequence[RawRecord]
    is_replay: bool = False
    """True if all records were finished before, and a lost state is folded again."""
    log: KnownLog = UNKNOWN_LOG
    """The partition's log as it was when the partition was assigned."""

    @property
    def topic(self) -> str:
        return self.records[0].topic

    @property
    def partition(self) -> int:
        return self.records[0].partition

    @property
    def place(self) -> Place:
        return self.records[0].topic, self.records[0].partition

    @property
    def epoch(self) -> int:
        """The epoch of its records, which is one for all."""
        return self.log.epochs.epoch_at(self.records[0].offset)

    def from_position(self, position: Position | None) -> Self:
        """Returns what of the share is not in the store yet, which may be nothing.

        Raises `OffsetGap` where records are missing, and `LogReplaced` where earlier records come
        again that are not the ones read before.
        """
        first = self.records[0].offset
        if position is None:
            return self
        expected = start_in(position, self.log.epochs, self.log.log_id)
        if first == expected:
            return self
        if first > expected:
            raise OffsetGap(
                f"{self.topic}[{self.partition}]: expected offset {expected}, got {first}"
            )
        _refuse_other_records(self, position)
        left = [record for record in self.records if record.offset >= expected]
        return replace(self, records=left)

    def position_after(self, before: Position | None) -> Position:
        """Returns the position behind its last record."""
        newest = self.log.epochs.newest
        return (before or BEGINNING).after(self.records[-1], self.log.log_id, newest)


def shares_of(records: Sequence[RawRecord], replay_until: int, log: KnownLog) -> Iterator[Share]:
    """Cuts records of one partition where a replay ends and where an epoch begins.

    Mostly there is nothing to cut. Offsets below `replay_until` were finished before.
    """
    boundaries = {replay_until, *(span.first_offset for span in log.epochs.spans)}
    for part in _parts(records, boundaries):
        yield Share(part, part[-1].offset < replay_until, log)


def _parts(
    records: Sequence[RawRecord], boundaries: Iterable[int]
) -> Iterator[Sequence[RawRecord]]:
    begun = 0
    for boundary in sorted(boundaries):
        end = bisect_left(records, boundary, key=lambda record: record.offset)
        if end > begun:
            yield records[begun:end]
            begun = end
    if begun < len(records):
        yield records[begun:]


def halves(shares: Sequence[Share]) -> Iterator[Sequence[Share]]:
    """Yields two halves of the partitions, or of the records where there is one partition."""
    if len(shares) > 1:
        middle = len(shares) // 2
        yield shares[:middle]
        yield shares[middle:]
        return
    (share,) = shares
    middle = len(share.records) // 2
    for half in (share.records[:middle], share.records[middle:]):
        yield [replace(share, records=half)]


def _refuse_other_records(share: Share, position: Position) -> None:
    """Raises `LogReplaced` unless a marked record shows that these were read before."""
    last = share.records[-1].offset
    offsets = {record.offset: record for record in share.records}
    marks = [mark for mark in position.marks if share.records[0].offset <= mark.offset <= last]
    same = [mark.is_of(offsets[mark.offset]) for mark in marks if mark.offset in offsets]
    if not all(same) or (position.marks and not same and last < position.next_offset):
        raise LogReplaced(
            f"{share.topic}[{share.partition}]: records up to {last} come again, and are not those "
            f"read before position {position.next_offset}"
        )
