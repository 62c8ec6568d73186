"""Lifts records of older clients to the newest schema version, step by step.

There is a step for each version that Avro's defaults alone cannot carry over.
"""

from collections.abc import Callable, Mapping
from typing import Any

Record = dict[str, Any]
Upcaster = Callable[[Record], Record]

UPCASTERS: Mapping[tuple[str, int], Upcaster] = {}
"""Steps by event and the version that they lift from.

Version n of a schema says `"version": n`; a schema that does not say it is version 1.
"""


def upcast(
    event_name: str,
    written: Mapping[str, Any],
    record: Record,
    steps: Mapping[tuple[str, int], Upcaster] = UPCASTERS,
) -> Record:
    """Returns the record as today's schema means it.

    `record` already has the newest shape, with defaults for fields that the writer did not know.
    """
    version = int(written.get("version", 1))
    while (event_name, version) in steps:
        record = steps[event_name, version](record)
        version += 1
    return record
