"""Which dead letters there are, as the table has them."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from infra.clickhouse.client import connect
from infra.errors import SetupError
from infra.settings import Settings

QUERY = Path(__file__).with_name("find.sql")


@dataclass(frozen=True, slots=True)
class Letter:
    """`outcome`: how it was settled; empty while it is not."""

    stage: str
    topic: str
    partition: int
    offset: int
    kind: str
    reason: str
    schema_id: int | None
    key: bytes
    value: bytes
    failed_at: datetime
    outcome: str

    @property
    def name(self) -> str:
        """As commands take it."""
        return f"{self.topic}/{self.partition}/{self.offset}"


def find(
    settings: Settings,
    *,
    topic: str = "",
    reason: str = "",
    settled: bool = False,
    limit: int = 100,
) -> list[Letter]:
    """The oldest first. Raises `Unavailable`."""
    return _find(settings, topic, -1, -1, reason, settled, limit)


def named(settings: Settings, name: str) -> Letter:
    """Raises `SetupError` for a name that is none, or stands for no letter."""
    topic, _, place = name.partition("/")
    partition, _, offset = place.partition("/")
    if not (topic and partition.isdigit() and offset.isdigit()):
        raise SetupError(
            f"{name} does not name a dead letter: say topic/partition/offset, as the list shows them."
        )
    found = _find(settings, topic, int(partition), int(offset), "", True, 1)
    if not found:
        raise SetupError(f"There is no dead letter {name}.")
    return found[0]


def _find(
    settings: Settings,
    topic: str,
    partition: int,
    offset: int,
    reason: str,
    settled: bool,
    limit: int,
) -> list[Letter]:
    parameters = {
        "topic": topic,
        "partition": partition,
        "offset": offset,
        "reason": reason,
        "settled": settled,
        "limit": limit,
    }
    with connect(settings, "reader") as client:
        rows = client.query(
            QUERY.read_text(encoding="utf-8"), parameters=parameters, tz_mode="aware"
        ).named_results()
        return [
            Letter(
                stage=row["stage"],
                topic=row["source_topic"],
                partition=row["source_partition"],
                offset=row["source_offset"],
                kind=row["kind"],
                reason=row["reason"],
                schema_id=row["schema_id"],
                key=bytes.fromhex(row["record_key"]),
                value=bytes.fromhex(row["record_value"]),
                failed_at=row["failed_at"],
                outcome=row["outcome"],
            )
            for row in rows
        ]
