"""A stage over several partitions whose state and outputs show any loss, doubling or disorder."""

import asyncio
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from hashlib import sha256
from pathlib import Path

from msgspec.structs import replace

from infra.kafka.offsets import Place
from infra.kafka.producer import Output
from infra.settings import Settings
from schemas.contract.codec import Codec
from schemas.contract.errors import Busy
from schemas.contract.events import DeclarationSubmitted
from schemas.contract.topics import CHECKPOINT_SCANS, DECLARATIONS, JOURNAL, Topic
from streams.dead_letters import DeadLetters
from streams.positions import Position
from streams.runner import Runner, always_ours
from streams.stage import CheckOwnership, Outgoing, Received
from streams.state import State
from tests.streams.fakes import MemoryStore, SchemaFiles
from tests.streams.people import declaration
from tests.streams.stage_bench import Record

CODEC = Codec(SchemaFiles())
Offsets = Mapping[int, int]


class Ended(Exception):
    """The process ends here."""


class Chaining:
    """Chains all records of a partition: each output depends on every record before it."""

    name = "copying"
    inputs: tuple[Topic, ...] = (DECLARATIONS, CHECKPOINT_SCANS)
    silent_replay = True

    def __init__(self) -> None:
        self.waiting: Collection[int] = ()
        """Numbers of partitions whose records cannot be folded yet."""

    def fold(
        self, records: Sequence[Received[DeclarationSubmitted]], work: State
    ) -> list[Outgoing]:
        outgoing = []
        for record in records:
            if record.partition in self.waiting:
                raise Busy("not yet")
            key = b"%d" % record.partition
            link = f"{work.get(key)!r} {record.event.event_id} {record.version}"
            chained = sha256(link.encode()).hexdigest()
            work.put(key, chained.encode())
            event = replace(record.event, purpose=chained)
            outgoing.append(Outgoing(JOURNAL, str(record.partition), event))
        return outgoing


class CountingBroker:
    """Keeps the outputs by key, and ends the process at the flush with the number `ends_at`."""

    def __init__(self) -> None:
        self.by_key: defaultdict[str | None, list[bytes]] = defaultdict(list)
        self.flushes = 0
        self.ends_at: int | None = None

    async def write(self, outputs: Iterable[Output]) -> None:
        self.flushes += 1
        for output in outputs:
            self.by_key[output.key].append(output.value)
        if self.flushes == self.ends_at:
            raise Ended


class CountingStore(MemoryStore):
    """Counts commits, and ends the process before or after the one with the number `ends_at`."""

    def __init__(self) -> None:
        super().__init__()
        self.commits = 0
        self.ends_at: int | None = None
        self.ends_after = False

    async def commit(self, works: Sequence[State], positions: Mapping[Place, Position]) -> None:
        self.commits += 1
        if self.commits == self.ends_at and not self.ends_after:
            raise Ended
        await super().commit(works, positions)
        if self.commits == self.ends_at:
            raise Ended


class Partitions:
    """A log of several partitions, and a worker over it that may end and be started again."""

    def __init__(self, directory: Path, lengths: Sequence[int]) -> None:
        self.log = {number: log_of(number, length) for number, length in enumerate(lengths)}
        self.stage = Chaining()
        self.broker = CountingBroker()
        self.store = CountingStore()
        self._letters = DeadLetters("copying", directory, Settings())
        self.start()

    def start(self) -> None:
        """Starts a process over what the store and the broker have."""
        self.runner: Runner[State] = Runner(
            self.stage,
            self.store,
            CODEC,
            self.broker,  # type: ignore[arg-type] # a fake broker
            self._letters,
        )

    def position(self, number: int) -> int:
        known = self.store.known.get((DECLARATIONS.name, number))
        return 0 if known is None else known.next_offset

    def run(self, sizes: Offsets, check: CheckOwnership = always_ours) -> Mapping[Place, float]:
        """Runs a batch with so many of the next records of each partition."""
        batch = []
        for number, size in sizes.items():
            first = self.position(number)
            if records := self.log[number][first : first + size]:
                batch.append(records)
        return asyncio.run(self.runner.run(batch, check)) if batch else {}

    def run_to_the_end(self) -> None:
        while any(self.position(number) < len(log) for number, log in self.log.items()):
            self.run(dict.fromkeys(self.log, 1_000))

    def outcome(self) -> tuple[Mapping[bytes, bytes], Mapping[int, int]]:
        """Returns the state and the positions."""
        return self.store.values, {number: self.position(number) for number in self.log}


def log_of(number: int, length: int, topic: str = DECLARATIONS.name) -> list[Record]:
    events = [declaration(f"{number} {offset}") for offset in range(length)]
    return [
        Record(CODEC.encode(event), offset, topic, number) for offset, event in enumerate(events)
    ]


def without_repeats(by_key: Mapping[str | None, list[bytes]]) -> dict[str | None, list[bytes]]:
    """Returns the outputs as a reader sees them that drops what it has read."""
    return {key: list(dict.fromkeys(values)) for key, values in by_key.items()}
