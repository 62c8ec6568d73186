"""Holds a stage's positions against the log that the broker has now.

A stage whose positions are of another log would skip what that log has before them, in silence. So
it does not start; its health says why, and what an operator can do.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from confluent_kafka import Message

from infra.kafka.epochs import read_epochs
from infra.kafka.log_identity import LogId, PartitionLog, read_logs
from infra.kafka.offsets import Place
from infra.kafka.records import first_of_later_leader, records_at
from infra.settings import Settings
from schemas.contract.codec import Codec
from schemas.contract.topics import Topic
from schemas.domain.log_epochs import EPOCH_0, LogEpochs, PartitionEpochs
from streams.positions import (
    WAY_OUT,
    Mark,
    Misfit,
    Position,
    read_until,
    reason_not_to_fit,
)


@dataclass(frozen=True, slots=True)
class KnownLog:
    """One partition's log as a runner needs it."""

    log_id: LogId | None = None
    epochs: PartitionEpochs = EPOCH_0


UNKNOWN_LOG = KnownLog()


@dataclass(slots=True)
class DeliveredRecord:
    """A record as it is marked; see `streams.positions.MarkedRecord`."""

    offset: int
    timestamp: int
    value: bytes | None

    @classmethod
    def of(cls, message: Message) -> "DeliveredRecord":
        return cls(message.offset(), message.timestamp()[1], message.value())


class LogCheck:
    """Checks the positions of one stage, whenever the stage starts or gets partitions."""

    def __init__(self, settings: Settings, codec: Codec, topics: Iterable[Topic]) -> None:
        self._settings = settings
        self._codec = codec
        self._inputs = tuple(topics)
        self._logs: Mapping[Place, PartitionLog] = {}
        self._epochs = LogEpochs()

    def misfits(self, positions: Mapping[Place, Position]) -> list[Misfit]:
        """Asks the broker, and returns each position that its log does not continue.

        Raises `Unavailable`.
        """
        self._epochs = read_epochs(self._settings, self._codec)
        self._logs = read_logs(self._settings, [topic.name for topic in self._inputs])
        misfits = []
        may_fit = {}
        for place, position in positions.items():
            log = self._logs.get(place)
            if log is None:
                continue
            reason = reason_not_to_fit(position, log, self._of(place), self._epochs.newest)
            if reason is None:
                may_fit[place] = position
            else:
                misfits.append(self._misfit(place, position, reason))
        misfits += self._with_other_records(may_fit)
        return sorted(misfits, key=lambda misfit: (misfit.topic, misfit.partition))

    @property
    def newest_epoch(self) -> int:
        return self._epochs.newest

    def unequal_partitions(self) -> str | None:
        """Returns a sentence that names inputs whose partitions do not lie together."""
        return unequal_partitions(self._inputs, self._logs)

    def known(self, place: Place) -> KnownLog:
        """Returns what the broker said at the last check."""
        log = self._logs.get(place)
        return KnownLog() if log is None else KnownLog(log.log_id, self._of(place))

    def _of(self, place: Place) -> PartitionEpochs:
        log = self._logs[place]
        return self._epochs.of_partition(log.log_id.topic_id, place[1])

    def _with_other_records(self, positions: Mapping[Place, Position]) -> list[Misfit]:
        """Returns positions whose newest mark is of another record than the log has there."""
        marked: dict[Place, Mark] = {}
        for place, position in positions.items():
            log = self._logs[place]
            adopted = self._of(place).adopted_after(position.epoch)
            if adopted is None and position.marks and position.marks[0].offset >= log.start:
                marked[place] = position.marks[0]
        records = self._records_at(marked)
        misfits = []
        for place, mark in marked.items():
            if not mark.is_of(records[place]):
                reason = f"the log has another record at offset {mark.offset}"
                misfits.append(self._misfit(place, positions[place], reason))
        return misfits

    def _misfit(self, place: Place, position: Position, reason: str) -> Misfit:
        topic, partition = place
        log = self._logs[place]

        return Misfit(
            topic=topic,
            partition=partition,
            reason=f"the position {position.next_offset} of {topic}[{partition}] "
            f"does not fit the broker's log: {reason}. {WAY_OUT}",
            first_offset=self._unread_from(place, position, log),
            topic_id=log.log_id.topic_id,
            cluster_id=log.log_id.cluster_id,
            is_of_another_topic=position.log_id not in (None, log.log_id),
        )

    def _unread_from(self, place: Place, position: Position, log: PartitionLog) -> int:
        """Returns from where on the log has records that the stage has not read.

        A broker whose log was cut is the leader anew: what it wrote since has a later leader epoch.
        """

        def is_there(mark: Mark) -> bool:
            return mark.is_of(self._records_at({place: mark})[place])

        sure = read_until(position, log, is_there)
        if sure in (log.start, log.end):
            return sure
        return first_of_later_leader(self._settings, place, sure - 1, log.end)

    def _records_at(self, marks: Mapping[Place, Mark]) -> Mapping[Place, DeliveredRecord]:
        offsets = {place: mark.offset for place, mark in marks.items()}
        records = {}
        for place, message in records_at(self._settings, offsets).items():
            records[place] = DeliveredRecord.of(message)
        return records


def unequal_partitions(topics: Iterable[Topic], logs: Mapping[Place, PartitionLog]) -> str | None:
    """Returns a sentence that names topics whose partitions do not lie together."""
    counts: dict[str, int] = {}
    together = {topic.name for topic in topics if topic.partitions is None}
    for topic, _ in logs:
        if topic in together:
            counts[topic] = counts.get(topic, 0) + 1
    if len(set(counts.values())) < 2:
        return None
    named = ", ".join(f"{topic} has {count}" for topic, count in sorted(counts.items()))
    return (
        f"topics that are joined have unequal numbers of partitions: {named}. One key would be at "
        "two workers. Way out: give all of them the number of the largest (docs/operations.md)"
    )
