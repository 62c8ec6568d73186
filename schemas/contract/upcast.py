"""Reads what older clients wrote: one step per schema version that Avro's defaults alone cannot carry over, chained."""

from collections.abc import Callable, Mapping
from typing import Any

Record = dict[str, Any]
Upcaster = Callable[[Record], Record]

UPCASTERS: Mapping[tuple[str, int], Upcaster] = {}
"""(event, version it lifts from) to the step. Version n of an event's schema says `"version": n`; without it, it is 1."""


def upcast(
    event_name: str,
    written: Mapping[str, Any],
    record: Record,
    steps: Mapping[tuple[str, int], Upcaster] = UPCASTERS,
) -> Record:
    """`record` is already in the newest shape, with defaults where the writer's schema had no such field."""
    version = int(written.get("version", 1))
    while (event_name, version) in steps:
        record = steps[event_name, version](record)
        version += 1
    return record
