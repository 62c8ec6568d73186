"""A bench for what all stages share: a stage that copies, a broker and a store in memory."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from infra.errors import Unavailable
from infra.kafka.producer import Output
from infra.settings import Settings
from schemas.contract.codec import Codec
from schemas.contract.errors import Busy, Poison
from schemas.contract.events import DeadLetter, DeclarationSubmitted
from schemas.contract.topics import DECLARATIONS, JOURNAL, Topic
from streams.dead_letters import DeadLetters
from streams.positions import Position
from streams.runner import Runner
from streams.stage import Outgoing, Received
from streams.state import State
from tests.streams.fakes import MemoryStore
from tests.streams.people import declaration


@dataclass
class Record:
    value: bytes | None
    offset: int
    topic: str = DECLARATIONS.name
    partition: int = 0
    timestamp: int = 1_632_000_000_000
    key: bytes | None = b"key"


class Broker:
    """Keeps what was written; refuses as often as it is told to."""

    def __init__(self, refusals: int = 0) -> None:
        self.written: list[Output] = []
        self.refusals = refusals

    async def write(self, outputs: Iterable[Output]) -> None:
        if self.refusals:
            self.refusals -= 1
            raise Unavailable("kafka", "it is told to refuse")
        self.written += outputs


class SlowBroker(Broker):
    """Keeps every batch waiting until it lets go."""

    def __init__(self) -> None:
        super().__init__()
        self.waiting = 0
        self.let_go = asyncio.Event()

    async def write(self, outputs: Iterable[Output]) -> None:
        self.waiting += 1
        await self.let_go.wait()


class ParticularStore(MemoryStore):
    """Can never hold what came of one event."""

    def __init__(self, refused: str) -> None:
        super().__init__()
        self._refused = declaration(refused).event_id.encode()

    async def commit(
        self, works: Sequence[State], positions: Mapping[tuple[str, int], Position]
    ) -> None:
        if any(self._refused in work.writes for work in works):
            raise Poison("a value does not fit its column")
        await super().commit(works, positions)


class Copying:
    """Counts each declaration under its id and passes it on; fails on purposes that say so."""

    name = "copying"
    inputs: tuple[Topic, ...] = (DECLARATIONS,)
    silent_replay = True

    def __init__(self) -> None:
        self.busy = 0

    def fold(
        self, records: Sequence[Received[DeclarationSubmitted]], work: State
    ) -> list[Outgoing]:
        if self.busy:
            self.busy -= 1
            raise Busy("not yet")
        outgoing = []
        for record in records:
            event = record.event
            work.put(
                event.event_id.encode(), b"%d" % (int(work.get(event.event_id.encode()) or 0) + 1)
            )
            if event.purpose == "fail":
                raise RuntimeError("a bug")
            outgoing.append(Outgoing(JOURNAL, event.document_key, event))
        return outgoing


class Bench:
    def __init__(
        self,
        codec: Codec,
        directory: Path,
        *,
        most: int = 10,
        broker: Broker | None = None,
        store: MemoryStore | None = None,
    ) -> None:
        self.codec = codec
        self.store = store or MemoryStore()
        self.broker = broker or Broker()
        self.stage = Copying()
        self.letters = DeadLetters(
            "copying", directory, Settings(dead_letters_max=most, dead_letters_window_s=60)
        )
        self.runner: Runner[State] = Runner(
            self.stage,
            self.store,
            codec,
            self.broker,  # type: ignore[arg-type] # a fake broker
            self.letters,
        )

    def records(self, *names: str, first: int = 0, **fields: Any) -> list[Record]:
        return [
            Record(self.codec.encode(declaration(name, **fields)), first + place)
            for place, name in enumerate(names)
        ]

    def run(self, *batch: list[Record]) -> None:
        """Runs a batch, with a list for each partition, and what waits of it again."""
        asyncio.run(self._run(batch))

    async def _run(self, batch: Sequence[list[Record]]) -> None:
        while batch:
            waits_s = await self.runner.run(batch)
            batch = [
                records for records in batch if (records[0].topic, records[0].partition) in waits_s
            ]

    def move_position_during_a_refusal(self, position: int) -> None:
        """Has the broker refuse the next batch once; a rebuild moves the position meanwhile."""
        self.broker.refusals = 1
        refuse = self.broker.write

        async def write(outputs: Iterable[Output]) -> None:
            self.store.known[DECLARATIONS.name, 0] = Position(position)
            await refuse(outputs)

        self.broker.write = write  # type: ignore[method-assign] # the fake moves the position while it refuses

    @property
    def position(self) -> int | None:
        position = self.store.known.get((DECLARATIONS.name, 0))
        return None if position is None else position.next_offset

    def letters_written(self) -> list[DeadLetter]:
        events = [
            self.codec.decode(output.value)
            for output in self.broker.written
            if output.topic.name == "declarations-dlq"
        ]
        return [event for event in events if isinstance(event, DeadLetter)]
