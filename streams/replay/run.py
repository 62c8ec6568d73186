"""Runs a replay: reads journal and verdicts, from begin to present end, and folds both worlds."""

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from confluent_kafka import Message

from infra.errors import SetupError, Unavailable
from infra.kafka.follower import between
from infra.kafka.offsets import beginnings, ends
from infra.kafka.reference import ReferenceFollower
from infra.kafka.registry import Registry
from infra.replays.request import ReplayRequest
from infra.replays.result import Replayed
from infra.settings import Settings
from schemas.contract.codec import Codec
from schemas.contract.events import PolicyAdopted
from schemas.contract.topics import JOURNAL, VERDICTS, Topic
from schemas.domain.reference import Reference
from streams.positions import Position
from streams.replay.table import result_fields
from streams.replay.worlds import Replay, ReplayScope, replayed_scans
from streams.stage import Guard
from streams.state import State, StateStore

READY_WAIT_S = 60.0
REPORT_EVERY_S = 0.3
Report = Callable[[int, int], None]
"""Callback that gets the number of records done, and of all records."""


@dataclass(slots=True)
class Record:
    """A `streams.stage.RawRecord`."""

    topic: str
    partition: int
    offset: int
    timestamp: int
    key: bytes | None
    value: bytes | None

    @classmethod
    def of(cls, message: Message) -> "Record":
        return cls(
            message.topic(),
            message.partition(),
            message.offset(),
            message.timestamp()[1],
            message.key(),
            message.value(),
        )


async def replay(
    settings: Settings, request: ReplayRequest, state: Path, report: Report
) -> Replayed:
    """Returns what the replay found.

    Raises `SetupError` where the first records of the journal are gone or the policy is unknown.
    Raises `Unavailable` where the broker or the registry is away.
    """
    replayed_at = datetime.now(UTC)
    begun = time.monotonic()
    # The end of the verdicts is read first: the entries they are about lie below the journal's end.
    verdicts = _stretches(settings, VERDICTS)
    stretches = [*_stretches(settings, JOURNAL), *verdicts]
    refuse_cut_off(stretches)
    codec = Codec(Registry(settings))
    reference = ReferenceFollower(settings, codec)
    store = StateStore(state)
    reference.start()
    try:
        if not reference.wait_ready(READY_WAIT_S):
            raise Unavailable("kafka", str(reference.not_ready_because()))
        policy = policy_of(reference.current, request.policy)
        scope = ReplayScope(request.begin, request.end, policy)
        guard = Guard(Replay(scope, reference), store, codec)
        total = sum(stretch.length for stretch in stretches)
        folding = Folding(settings, guard, store, total, report)
        for stretch in stretches:
            await folding.fold(stretch)
        fields = result_fields(lambda: replayed_scans(store))
    finally:
        reference.stop()
        store.close()
    return Replayed(
        since=request.begin,
        until=request.end,
        policy_id=None if policy is None else policy.policy_id,
        replayed_at=replayed_at,
        took_s=round(time.monotonic() - begun, 3),
        records=folding.done,
        passed_over=folding.passed_over,
        **fields,
    )


def policy_of(reference: Reference, version: int | None) -> PolicyAdopted | None:
    """Returns the policy that became known at a version; raises `SetupError` if none did."""
    if version is None:
        return None
    for known_at, policy in reference.as_of(reference.version).policies():
        if known_at == version:
            return policy
    raise SetupError(f"No policy became known at version {version} of the reference data.")


@dataclass(frozen=True, slots=True)
class Stretch:
    """A range of offsets of one partition, the end not included."""

    topic: Topic
    partition: int
    begin: int
    end: int

    @property
    def length(self) -> int:
        return self.end - self.begin


def _stretches(settings: Settings, topic: Topic) -> list[Stretch]:
    """Returns what each partition of the topic holds now."""
    end_offsets = ends(settings, [topic])
    first_offsets = beginnings(settings, [topic])
    stretches: list[Stretch] = []
    for partition_key, end in sorted(end_offsets.items()):
        _, partition = partition_key
        stretches.append(Stretch(topic, partition, first_offsets[partition_key], end))
    return stretches


def refuse_cut_off(stretches: Iterable[Stretch]) -> None:
    """Raises `SetupError` where the journal's first records are gone."""
    if any(stretch.begin > 0 for stretch in stretches if stretch.topic is JOURNAL):
        raise SetupError(
            "The first records of the journal are gone: "
            "what was known of people then cannot be told from it any more."
        )


class Folding:
    """Folds stretches, and counts the records it has folded and those it had to pass over.

    The state is on the disk, so that a long past takes no more memory than a short one.
    """

    def __init__(
        self, settings: Settings, guard: Guard[State], store: StateStore, total: int, report: Report
    ) -> None:
        self._settings = settings
        self._guard = guard
        self._store = store
        self._total = total
        self._report = report
        self._reported_at = 0.0
        self.done = 0
        self.passed_over = 0

    async def fold(self, stretch: Stretch) -> None:
        begin = {stretch.partition: stretch.begin}
        end = {stretch.partition: stretch.end}
        messages = between(self._settings, stretch.topic, begin, end)
        for batch in batches(messages, self._settings.batch_max_records):
            work, _, failed = self._guard.fold(batch)
            done = Position(batch[-1].offset + 1)
            await self._store.commit([work], {(stretch.topic.name, stretch.partition): done})
            self.done += len(batch)
            self.passed_over += len(failed)
            self._report_progress()
        self._report_progress()

    def _report_progress(self) -> None:
        now = time.monotonic()
        if now - self._reported_at >= REPORT_EVERY_S:
            self._reported_at = now
            self._report(self.done, self._total)


def batches(messages: Iterable[Message], max_records: int) -> Iterator[list[Record]]:
    batch: list[Record] = []
    for message in messages:
        batch.append(Record.of(message))
        if len(batch) == max_records:
            yield batch
            batch = []
    if batch:
        yield batch
