"""The rows that `project` makes of a batch, and the token by which their inserts are known."""

import hashlib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from infra.kafka.offsets import Place
from streams.positions import Position

Row = Sequence[Any]


class Rows:
    """Rows of a batch, by table."""

    def __init__(self) -> None:
        self.by_table: defaultdict[str, list[Row]] = defaultdict(list)

    def add(self, table: str, row: Row) -> None:
        self.by_table[table].append(row)

    def nested(self) -> "Rows":
        return Rows()

    def absorb(self, child: "Rows") -> None:
        for table, rows in child.by_table.items():
            self.by_table[table].extend(rows)

    def __len__(self) -> int:
        return sum(map(len, self.by_table.values()))


def token_of(before: Mapping[Place, Position], after: Mapping[Place, Position]) -> str:
    """Returns what an insert of these records, and no other, is known by.

    It names each partition's range by versions: offsets come again in another epoch, and those rows
    are no repetition. A batch with other ranges has another token, and its rows are kept.
    """
    ranges = sorted(
        f"{topic}:{partition}:{before[topic, partition].version}-{position.version - 1}"
        for (topic, partition), position in after.items()
    )
    return hashlib.sha256("\n".join(ranges).encode()).hexdigest()


def by_table(works: Sequence[Rows]) -> Mapping[str, list[Row]]:
    """Returns the rows of all partitions of a batch, by table."""
    gathered = Rows()
    for work in works:
        gathered.absorb(work)
    return gathered.by_table
