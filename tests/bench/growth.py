"""Measures what one event costs as the state of its stage grows.

The state grows from ten thousand people to two million, each probed at random. The processor time
of the whole process is compared, since other work on the machine hardly changes it.
"""

import asyncio
import os
import random
import signal
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID

import msgspec
import psutil

from infra.kafka.producer import BatchProducer, Output
from infra.kafka.registry import Registry
from infra.settings import CHECKOUT, Settings
from infra.stack.stage_metrics import stage_work
from schemas.contract.codec import Codec
from schemas.contract.events import CheckpointScanned, ScanIdentified
from schemas.contract.topics import CHECKPOINT_SCANS, JOURNAL, Topic
from schemas.domain.reference import NOTHING_KNOWN
from tests.bench.figures import Figure
from tests.bench.memory import most_memory_mb
from tests.bench.scale import scaled
from tests.running_stack import RunningStack
from tests.waiting import wait_until

SIZES = tuple(scaled(size) for size in (10_000, 100_000, 500_000, 2_000_000))
PROBES = 50_000
MAX_RATIO = 1.5
WAIT_S, QUIET_S, QUIET_SHARE = 1_200.0, 1.0, 0.05
PERSON_ID, EVENT_ID = "0f" * 16, "0f0f0f0f-0f0f-0f0f-0f0f-0f0f0f0f0f0f"
NOON, LATER = datetime(2021, 9, 15, 5, 0, tzinfo=UTC), timedelta(hours=5)


@dataclass(frozen=True, slots=True)
class Kind:
    """A stage is fed with this event: one for each person, and only the ids differ."""

    stage: str
    topic: Topic
    event: type[Any]
    happened: str
    """The field of the event that holds its time."""
    own: dict[str, Any]


KINDS = (
    Kind(
        "identify",
        CHECKPOINT_SCANS,
        CheckpointScanned,
        "scanned_at",
        {"document_key": PERSON_ID, "event_id": EVENT_ID, "linked_key": None},
    ),
    Kind(
        "screen",
        JOURNAL,
        ScanIdentified,
        "occurred_at",
        {
            "person_id": PERSON_ID,
            "document_key": PERSON_ID,
            "entry_id": EVENT_ID,
            "reference_version": NOTHING_KNOWN,
        },
    ),
)


@dataclass(frozen=True, slots=True)
class Cost:
    processor_us: float
    busy_us: float
    state_bytes: float
    """The state takes this much on disk for each person."""
    memory_mb: float
    """The process never had more than this."""


def growth(_settings: Settings) -> list[Figure]:
    figures = list[Figure]()
    for kind in KINDS:
        figures += _figures(kind, _costs(kind))
    return figures


def cost_at(stage: str, size: int) -> str:
    """Returns the name of its figure."""
    return f"growth: {stage}, an event at {size:,} people"


def _figures(kind: Kind, costs: dict[int, Cost]) -> Iterator[Figure]:
    for size, cost in costs.items():
        circumstances = {
            "busy_us": round(cost.busy_us, 1),
            "state_bytes_per_person": round(cost.state_bytes),
            "most_memory_mb": round(cost.memory_mb),
            "probes": min(size, PROBES),
        }
        yield Figure(cost_at(kind.stage, size), cost.processor_us, "µs", None, False, circumstances)
    ratio = costs[max(costs)].processor_us / costs[min(costs)].processor_us
    yield Figure(
        f"growth: {kind.stage}, {max(costs):,} people against {min(costs):,}",
        ratio,
        "×",
        MAX_RATIO,
        False,
    )


def _costs(kind: Kind) -> dict[int, Cost]:
    with TemporaryDirectory(prefix="bench") as directory:
        stack = RunningStack.plan(Path(directory))
        try:
            stack.require(kind.stage)
            feed = Feed(stack, kind)
            return {size: feed.cost_at(size) for size in SIZES}
        finally:
            stack.down()


class Feed:
    """Feeds one stage, and knows how much it has been given."""

    def __init__(self, stack: RunningStack, kind: Kind) -> None:
        self._stack, self._kind = stack, kind
        self._process = psutil.Process(stack.pid(kind.stage))
        self._values = [_example(Codec(Registry(stack.settings)), kind, turn) for turn in range(2)]
        self._producer = BatchProducer(stack.settings)
        self._known = self._given = 0

    def cost_at(self, size: int) -> Cost:
        self._give(range(self._known, size), turn=0)
        self._known = size
        self._wait_until_quiet()
        busy_before_s = self._work_s()
        used_before_s = _processor_s(self._process)
        with self._held_still():
            self._write(random.Random(size).sample(range(size), min(size, PROBES)), turn=1)
        self._wait_until_done()
        probes = min(size, PROBES)
        used_s = _processor_s(self._process) - used_before_s
        busy_s = self._work_s() - busy_before_s
        return Cost(
            1e6 * used_s / probes,
            1e6 * busy_s / probes,
            self._state_bytes() / size,
            most_memory_mb(self._process.pid),
        )

    def _give(self, people: Sequence[int], turn: int) -> None:
        self._write(people, turn)
        self._wait_until_done()

    def _write(self, people: Sequence[int], turn: int) -> None:
        asyncio.run(self._producer.write(self._outputs(people, turn)))
        self._given += len(people)

    def _outputs(self, people: Sequence[int], turn: int) -> Iterator[Output]:
        """Yields outputs that are encoded once, with the ids put into the bytes.

        Encoding millions would take longer than all the rest.
        """
        for number in people:
            person = f"{number * 0x9E3779B97F4A7C15 % (1 << 128):032x}"
            event_id = str(UUID(int=2 * number + turn))
            value = self._values[turn].replace(PERSON_ID.encode(), person.encode())
            value = value.replace(EVENT_ID.encode(), event_id.encode())
            yield Output(self._kind.topic, person, value)

    @contextmanager
    def _held_still(self) -> Iterator[None]:
        """Stops the stage in the block, so that the whole backlog is there when it begins.

        That is as under load. The block is much shorter than the stage's session with the broker.
        """
        os.kill(self._process.pid, signal.SIGSTOP)
        try:
            yield
        finally:
            os.kill(self._process.pid, signal.SIGCONT)

    def _wait_until_done(self) -> None:
        stage, settings = self._kind.stage, self._stack.settings
        wait_until(
            lambda: stage_work(settings)[stage].records >= self._given or None,
            WAIT_S,
            what=f"{stage} to be done",
            poll_s=0.2,
        )

    def _wait_until_quiet(self) -> None:
        """Waits until the database has put in order what it was given."""
        wait_until(
            lambda: (self._process.cpu_percent(QUIET_S) < 100 * QUIET_SHARE) or None,
            WAIT_S,
            what="the database to come to rest",
        )

    def _work_s(self) -> float:
        return stage_work(self._stack.settings)[self._kind.stage].busy_s

    def _state_bytes(self) -> int:
        place = self._stack.settings.data_dir / "state" / self._kind.stage / "0" / "rocksdb"
        return sum(file.stat().st_size for file in place.iterdir())


def _example(codec: Codec, kind: Kind, turn: int) -> bytes:
    name = f"{kind.event.__name__}.ordinary.json"
    file = CHECKOUT / "schemas" / "contract" / "examples" / kind.topic.name / "1" / name
    at = {kind.happened: (NOON + turn * LATER).isoformat()}
    values = msgspec.json.decode(file.read_bytes()) | kind.own | at
    return codec.encode(msgspec.convert(values, kind.event, strict=False))


def _processor_s(process: psutil.Process) -> float:
    return float(sum(process.cpu_times()[:2]))
