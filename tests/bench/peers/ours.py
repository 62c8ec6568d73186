"""Our entrant does the job as a stage of the real runtime, with state and position in RocksDB.

To tell what that costs, it also runs in memory, or with fastavro, as without a C compiler.
"""

import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import msgspec
from mode import Worker

from infra.logs import configure_logs
from infra.memory import collect_seldom
from infra.settings import Settings
from schemas.contract import codec, reading, writing
from schemas.contract.events import CheckpointScanned, FlagRaised
from schemas.contract.topics import CHECKPOINT_SCANS, FLAGS, Topic
from streams.positions import Position
from streams.stage import Outgoing, Received, Stage, Store
from streams.state import State, StateStore
from streams.worker import StageWorker
from tests.bench.peers.job import Seen, Task, flag, speed_limit

NAME = "impossible-speed"


class ImpossibleSpeed:
    name = NAME
    silent_replay = True

    def __init__(self, task: Task) -> None:
        self.inputs: tuple[Topic, ...] = (replace(CHECKPOINT_SCANS, name=task.source),)
        self._flags = replace(FLAGS, name=task.sink)
        self._too_fast = speed_limit(task.posts)
        self._pack = msgspec.msgpack.Encoder().encode
        self._unpack = msgspec.msgpack.Decoder(Seen).decode

    def fold(self, records: Sequence[Received[CheckpointScanned]], work: State) -> list[Outgoing]:
        keys = [record.event.document_key.encode() for record in records]
        sent, last = list[Outgoing](), dict[bytes, Seen]()
        for key, stored, record in zip(keys, work.get_many(keys), records, strict=True):
            event = record.event
            scan: Seen = (
                round(event.scanned_at.timestamp() * 1000),
                event.checkpoint_id,
                event.event_id,
            )
            before = last.get(key) or (None if stored is None else self._unpack(stored))
            if before is not None and self._too_fast(before, scan):
                raised = FlagRaised(**flag(event.document_key, before, scan))
                sent.append(Outgoing(self._flags, event.document_key, raised))
            last[key] = scan
        for key, scan in last.items():
            work.put(key, self._pack(scan))
        return sent


class MemoryStore:
    """Keeps nothing beyond the process: what the runtime does without a database."""

    rest_s = 0.0

    def __init__(self) -> None:
        self._held: dict[bytes, bytes] = {}
        self._positions: dict[tuple[str, int], Position] = {}

    def begin(self) -> State:
        return State(self)

    def get(self, key: bytes) -> bytes | None:
        return self._held.get(key)

    def get_many(self, keys: Sequence[bytes]) -> Sequence[bytes | None]:
        return [self._held.get(key) for key in keys]

    def scan(self, prefix: bytes) -> Iterator[tuple[bytes, bytes]]:
        return ((key, value) for key, value in self._held.items() if key.startswith(prefix))

    async def commit(
        self, works: Sequence[State], positions: Mapping[tuple[str, int], Position]
    ) -> None:
        for work in works:
            for key, value in work.writes.items():
                if value is None:
                    self._held.pop(key, None)
                else:
                    self._held[key] = value
        self._positions.update(positions)

    async def position(self, topic: str, partition: int) -> Position | None:
        return self._positions.get((topic, partition))

    def positions(self) -> Mapping[tuple[str, int], Position]:
        return self._positions

    def close(self) -> None:
        """Does nothing, for nothing is open."""


class Entrant(StageWorker):
    def __init__(self, task: Task, settings: Settings) -> None:
        self._task = task
        super().__init__(NAME, 0, settings)

    def _stage_and_store(self, name: str) -> tuple[Stage[Any], Store[Any]]:
        in_memory = self._task.options.get("state") == "memory"
        return ImpossibleSpeed(self._task), MemoryStore() if in_memory else StateStore(
            self.directory / "rocksdb"
        )


def main() -> None:
    settings, task = Settings(), Task.read(sys.argv[1])
    configure_logs(settings)
    if task.options.get("avro") == "python":
        vars(codec).update(record_reader=reading.record_reader, record_writer=writing.record_writer)
    entrant = Entrant(task, settings)
    collect_seldom()
    try:
        Worker(
            entrant.app(), loglevel="WARNING", override_logging=False, redirect_stdouts=False
        ).execute_from_commandline()
    finally:
        entrant.close()


if __name__ == "__main__":
    main()
