"""The epochs of a log: which one a record belongs to, and so which version it has.

Each adoption names the partitions whose records belong to its epoch, and from which offset on.
All other records belong to the epoch they belonged to before; at first that is epoch 0.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from schemas.contract.events import LogAdopted
from schemas.contract.versions import version_of


@dataclass(frozen=True, slots=True)
class Span:
    """Records of a partition from `first_offset` on belong to `epoch`, or to a later one."""

    first_offset: int
    epoch: int


@dataclass(frozen=True, slots=True)
class PartitionEpochs:
    """The epochs of one partition of one topic as it exists now."""

    spans: tuple[Span, ...] = (Span(0, 0),)
    """In the order of the epochs."""

    def epoch_at(self, offset: int) -> int:
        for span in reversed(self.spans):
            if span.first_offset <= offset:
                return span.epoch
        return self.spans[0].epoch

    def version(self, offset: int) -> int:
        return version_of(self.epoch_at(offset), offset)

    @property
    def newest(self) -> int:
        return self.spans[-1].epoch

    @property
    def floor(self) -> int:
        """The version below every version of the newest epoch; -1 in epoch 0."""
        return version_of(self.newest, 0) - 1

    def adopted_after(self, epoch: int) -> int | None:
        """Returns the first offset that an epoch later than this one covers; None if none does."""
        later = [span.first_offset for span in self.spans if span.epoch > epoch]
        return min(later, default=None)


EPOCH_0 = PartitionEpochs()


@dataclass(slots=True)
class LogEpochs:
    """All adoptions, in the order of the topic `log-epochs`."""

    newest: int = 0
    lacking: set[str] = field(default_factory=set)
    """Ids of topics whose log lacks records that were read: they were lost before an adoption."""
    _spans: dict[tuple[str, int], list[Span]] = field(default_factory=dict)
    """Keys are topic id and partition."""

    @classmethod
    def of(cls, adoptions: Iterable[LogAdopted]) -> "LogEpochs":
        epochs = cls()
        for adopted in adoptions:
            epochs.newest = max(epochs.newest, adopted.epoch)
            for partition in adopted.partitions:
                if not partition.whole:
                    epochs.lacking.add(partition.topic_id)
                place = partition.topic_id, partition.partition
                span = Span(partition.first_offset, adopted.epoch)
                epochs._spans.setdefault(place, []).append(span)
        return epochs

    def of_partition(self, topic_id: str, partition: int) -> PartitionEpochs:
        adopted = self._spans.get((topic_id, partition))
        if adopted is None:
            return EPOCH_0
        in_order = sorted(adopted, key=lambda span: span.epoch)
        return PartitionEpochs((Span(0, 0), *in_order))
