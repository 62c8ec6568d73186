"""Stand-ins for the registry and the store of a stage, in memory.

The contract suite runs on them and on the real ones.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from schemas.contract.codec import EVENT_TYPES, schema
from streams.positions import Position
from streams.state import State

NAMES = list(EVENT_TYPES)


class SchemaFiles:
    """The `SchemaIds` of the .avsc files: an event's place in the table is its id."""

    def id_of(self, event_name: str) -> int:
        return NAMES.index(event_name)

    def schema_of(self, schema_id: int) -> dict[str, Any] | None:
        return schema(NAMES[schema_id]) if schema_id < len(NAMES) else None


class MemoryStore:
    """`Store` of a stage in memory."""

    rest_s = 0.0

    def __init__(self) -> None:
        self.values: dict[bytes, bytes] = {}
        self.known: dict[tuple[str, int], Position] = {}

    def begin(self) -> State:
        return State(self)

    def get(self, key: bytes) -> bytes | None:
        return self.values.get(key)

    def get_many(self, keys: Sequence[bytes]) -> Sequence[bytes | None]:
        return [self.values.get(key) for key in keys]

    def scan(self, prefix: bytes) -> Iterator[tuple[bytes, bytes]]:
        return ((key, value) for key, value in self.values.items() if key.startswith(prefix))

    async def commit(
        self, works: Sequence[State], positions: Mapping[tuple[str, int], Position]
    ) -> None:
        for work in works:
            self.take(work)
        self.known.update(positions)

    def take(self, work: State) -> None:
        for key, value in work.writes.items():
            if value is None:
                self.values.pop(key, None)
            else:
                self.values[key] = value

    async def position(self, topic: str, partition: int) -> Position | None:
        return self.known.get((topic, partition))

    def positions(self) -> Mapping[tuple[str, int], Position]:
        return self.known

    def close(self) -> None:
        self.values.clear()
