"""Measures the stages, one worker each, over a backlog: records a second from first to last."""

import asyncio
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from infra.kafka.producer import BatchProducer, Output
from infra.kafka.registry import Registry
from infra.settings import Settings
from infra.stack.lag import lags
from infra.stack.stage_metrics import Work, worker_work
from schemas.contract.codec import Codec
from schemas.contract.events import DoorEvent
from schemas.contract.topics import CHECKPOINT_SCANS, DECLARATIONS, REFERENCE, REGISTRY_CITIZENS
from schemas.domain.documents import Document, DocumentKind
from tests.bench.figures import Figure
from tests.bench.scale import scaled
from tests.running_stack import RunningStack
from tests.streams.memory_path import PERSON_KEY
from tests.streams.people import CITY, COAST, NOON, checkpoint, citizen, declaration, scan, zone

PEOPLE, SCANS_EACH = scaled(40_000), 3
STRANGERS_OF = 50
"""One person of so many is not in the register.

Their document is flagged, and every verdict on it says so.
"""
WAIT_S = 240.0
TARGETS = {"screen": 20_000.0, "project": 40_000.0}


def stages(_settings: Settings) -> list[Figure]:
    rates = measured(PEOPLE)
    return [
        Figure(
            f"{stage}: records per second and worker",
            rate.per_second,
            "1/s",
            TARGETS.get(stage),
            True,
            rate.circumstances,
        )
        for stage, rate in rates.items()
    ]


@dataclass(frozen=True, slots=True)
class Measured:
    """The rate while the busiest worker was inside batches.

    Its waiting for broker and ClickHouse is included.
    """

    per_second: float
    circumstances: Mapping[str, object]


def started(stack: RunningStack, stage: str, backlog: int) -> Measured:
    """Measures the stage under the stack's own supervisor."""
    stack.require(stage)
    return worked_off(stack, stage, backlog)


Run = Callable[[RunningStack, str, int], Measured]
"""Starts a stage over its backlog, and measures it."""


def measured(people: int, run: Run = started, **settings: int) -> dict[str, Measured]:
    """Measures the stages on a stack of its own.

    Each stage gets its backlog whole before it starts, so that nothing else is at work beside it.
    The register is known before people declare, and they declare before they are scanned. An event
    that overtakes what it rests on would be done twice.
    """
    with TemporaryDirectory(prefix="bench") as directory:
        stack = RunningStack.plan(Path(directory), person_key=PERSON_KEY, **settings)
        try:
            stack.require("topics", "migrations")
            write_reference(stack.settings)
            registered = write_register(stack.settings, people)
            linked = run(stack, "link", registered)
            run(stack, "identify", registered)
            identified = [
                _identify(stack, run, doings) for doings in (_declared(people), _scanned(people))
            ]
            backlog = people * (1 + SCANS_EACH)
            return {
                "link": linked,
                "identify": identified[-1],
                **{stage: run(stack, stage, backlog) for stage in ("screen", "project")},
            }
        finally:
            stack.down()


def _identify(stack: RunningStack, run: Run, doings: Sequence[DoorEvent]) -> Measured:
    stack.down()
    stack.require("topics")
    write_events(stack.settings, doings)
    return run(stack, "identify", len(doings))


def _declared(people: int) -> list[DoorEvent]:
    return [declaration(f"bench {person.number}", person) for person in _people(people)]


def _scanned(people: int) -> list[DoorEvent]:
    scans = list[DoorEvent]()
    for turn in range(SCANS_EACH):
        at = NOON + timedelta(minutes=turn + 1)
        scans += [scan(f"bench {person.number} {turn}", person, at) for person in _people(people)]
    return scans


def _people(people: int) -> list[Document]:
    return [Document(DocumentKind.CCCD, f"051190{number:06d}") for number in range(people)]


def write_events(settings: Settings, events: Iterable[DoorEvent]) -> None:
    codec, producer = Codec(Registry(settings)), BatchProducer(settings)
    topics = {"DeclarationSubmitted": DECLARATIONS, "CheckpointScanned": CHECKPOINT_SCANS}
    asyncio.run(
        producer.write(
            Output(topics[type(event).__name__], event.document_key, codec.encode(event))
            for event in events
        )
    )


def write_reference(settings: Settings) -> None:
    codec, producer = Codec(Registry(settings)), BatchProducer(settings)
    levels = (
        zone(CITY, "yellow", NOON - timedelta(days=9)),
        zone(COAST, "orange", NOON - timedelta(days=9)),
    )
    asyncio.run(
        producer.write(
            Output(REFERENCE, None, codec.encode(fact)) for fact in (checkpoint(), *levels)
        )
    )


def write_register(settings: Settings, count: int) -> int:
    codec, producer = Codec(Registry(settings)), BatchProducer(settings)
    people = [
        citizen(f"051190{number:06d}", cmnd=None)
        for number in range(count)
        if number % STRANGERS_OF
    ]
    asyncio.run(
        producer.write(
            Output(REGISTRY_CITIZENS, person.person_number, codec.encode(person))
            for person in people
        )
    )
    return len(people)


def worked_off(stack: RunningStack, stage: str, backlog: int) -> Measured:
    deadline = time.monotonic() + WAIT_S
    while True:
        records = _records(worker_work(stack.settings, stage))
        if records >= backlog and lags(stack.settings).get(stage) == 0:
            break
        assert time.monotonic() < deadline, (
            f"{stage} did {records} of {backlog} records in {WAIT_S} s"
        )
        time.sleep(1)
    work = worker_work(stack.settings, stage)
    busy_s = max(worker.busy_s for worker in work)
    circumstances = {
        "records": _records(work),
        "busy_s": round(busy_s, 2),
        "workers": len(work),
        "partitions": stack.settings.partitions,
        "unknown_people": f"1 of {STRANGERS_OF}",
    }
    return Measured(_records(work) / busy_s, circumstances)


def _records(work: Sequence[Work]) -> int:
    return sum(worker.records for worker in work)
