"""The dead letters that the table holds."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from infra.clickhouse.client import connect
from infra.errors import SetupError
from infra.settings import Settings

QUERY = Path(__file__).with_name("find.sql").read_text(encoding="utf-8")
ANY = -1
"""Stands for every partition and every offset."""


@dataclass(frozen=True, slots=True)
class Letter:
    """`outcome` says how it was settled; it is empty while the letter is open."""

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
        """Names the letter as commands take it."""
        return f"{self.topic}/{self.partition}/{self.offset}"


def find(
    settings: Settings,
    *,
    topic: str = "",
    reason: str = "",
    settled: bool = False,
    limit: int = 100,
) -> list[Letter]:
    """Returns the oldest first. Raises `Unavailable`."""
    parameters = {
        "topic": topic,
        "partition": ANY,
        "offset": ANY,
        "reason": reason,
        "settled": settled,
        "limit": limit,
    }
    return _query(settings, parameters)


def named(settings: Settings, name: str) -> Letter:
    """Raises `SetupError` for what is no name, or the name of no letter."""
    topic, _, place = name.partition("/")
    partition, _, offset = place.partition("/")
    if not (topic and partition.isdigit() and offset.isdigit()):
        raise SetupError(
            f"{name} does not name a dead letter: say topic/partition/offset, "
            "as the list shows them."
        )
    parameters = {
        "topic": topic,
        "partition": int(partition),
        "offset": int(offset),
        "reason": "",
        "settled": True,
        "limit": 1,
    }
    letters = _query(settings, parameters)
    if not letters:
        raise SetupError(f"There is no dead letter {name}.")
    return letters[0]


def _query(settings: Settings, parameters: dict[str, Any]) -> list[Letter]:
    with connect(settings, "reader") as client:
        rows = client.query(QUERY, parameters=parameters, tz_mode="aware").named_results()
        return [_letter(row) for row in rows]


def _letter(row: dict[str, Any]) -> Letter:
    return Letter(
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
