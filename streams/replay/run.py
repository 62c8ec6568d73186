"""Reads journal and verdicts from their beginnings to where they end now, and folds them in both worlds."""

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
from infra.replays.request import Asked
from infra.replays.result import Replayed
from infra.settings import Settings
from schemas.contract.codec import Codec
from schemas.contract.events import PolicyAdopted
from schemas.contract.topics import JOURNAL, VERDICTS, Topic
from schemas.domain.reference import Reference
from streams.replay.table import told_of
from streams.replay.worlds import Question, Replay, judged_scans
from streams.stage import Guard
from streams.state import State, StateStore

READY_WAIT_S, REPORT_EVERY_S = 60.0, 0.3
Report = Callable[[int, int], None]
"""Told how many records are done, and of how many."""


@dataclass(slots=True)
class Record:
    """A `streams.stage.RawRecord`."""

    topic: str
    partition: int
    offset: int
    key: bytes | None
    value: bytes | None

    @classmethod
    def of(cls, message: Message) -> "Record":
        return cls(
            message.topic(), message.partition(), message.offset(), message.key(), message.value()
        )


async def replay(settings: Settings, asked: Asked, state: Path, report: Report) -> Replayed:
    """Raises `SetupError` where the journal no longer begins at its beginning, `Unavailable`."""
    replayed_at, begun = datetime.now(UTC), time.monotonic()
    # Verdicts first: whatever entry they are of is then below the journal's end.
    recorded = _stretches(settings, VERDICTS)
    stretches = [*_stretches(settings, JOURNAL), *recorded]
    refuse_cut_off(stretches)
    codec = Codec(Registry(settings))
    reference, store = ReferenceFollower(settings, codec), StateStore(state)
    reference.start()
    try:
        if not reference.wait_ready(READY_WAIT_S):
            raise Unavailable("kafka", "the reference data is not delivered")
        policy = policy_of(reference.current, asked.policy)
        guard = Guard(Replay(Question(asked.begin, asked.end, policy), reference), store, codec)
        folding = Folding(
            settings, guard, store, sum(stretch.length for stretch in stretches), report
        )
        for stretch in stretches:
            await folding.fold(stretch)
        told = told_of(lambda: judged_scans(store))
    finally:
        reference.stop()
        store.close()
    return Replayed(
        since=asked.begin,
        until=asked.end,
        policy_id=None if policy is None else policy.policy_id,
        replayed_at=replayed_at,
        took_s=round(time.monotonic() - begun, 3),
        records=folding.done,
        passed_over=folding.passed_over,
        **told,
    )


def policy_of(reference: Reference, version: int | None) -> PolicyAdopted | None:
    if version is None:
        return None
    found = next(
        (
            policy
            for known, policy in reference.as_of(reference.version).policies()
            if known == version
        ),
        None,
    )
    if found is None:
        raise SetupError(f"No policy became known at version {version} of the reference data.")
    return found


@dataclass(frozen=True, slots=True)
class Stretch:
    """Of one partition."""

    topic: Topic
    partition: int
    begin: int
    end: int

    @property
    def length(self) -> int:
        return self.end - self.begin


def _stretches(settings: Settings, topic: Topic) -> list[Stretch]:
    """To where it ends now."""
    until, since = ends(settings, [topic]), beginnings(settings, [topic])
    return [Stretch(topic, place[1], since[place], end) for place, end in sorted(until.items())]


def refuse_cut_off(stretches: Iterable[Stretch]) -> None:
    if any(stretch.begin > 0 for stretch in stretches if stretch.topic is JOURNAL):
        raise SetupError(
            "The first records of the journal are gone: what was known of people then cannot be told from it any more."
        )


class Folding:
    """Counts what it has done. The state is on the disk, so that a long past takes no more memory than a short one."""

    def __init__(
        self, settings: Settings, guard: Guard[State], store: StateStore, total: int, report: Report
    ) -> None:
        self._settings, self._guard, self._store = settings, guard, store
        self._total, self._report, self._reported_at = total, report, 0.0
        self.done = self.passed_over = 0

    async def fold(self, stretch: Stretch) -> None:
        begin, end = {stretch.partition: stretch.begin}, {stretch.partition: stretch.end}
        for batch in batches(
            between(self._settings, stretch.topic, begin, end), self._settings.batch_max_records
        ):
            work, _, failed = self._guard.fold(batch)
            await self._store.commit(
                work, stretch.topic.name, stretch.partition, batch[-1].offset + 1
            )
            self.done += len(batch)
            self.passed_over += len(failed)
            self._tell()
        self._tell()

    def _tell(self) -> None:
        now = time.monotonic()
        if now - self._reported_at >= REPORT_EVERY_S:
            self._reported_at = now
            self._report(self.done, self._total)


def batches(messages: Iterable[Message], most: int) -> Iterator[list[Record]]:
    batch: list[Record] = []
    for message in messages:
        batch.append(Record.of(message))
        if len(batch) == most:
            yield batch
            batch = []
    if batch:
        yield batch
