"""Turns events into the dictionaries that fastavro takes."""

from datetime import date, datetime
from typing import Any

import msgspec

from schemas.contract.events import Event

AVRO_TYPES = (datetime, date, bytes)
"""Avro takes values of these types as they are."""


def avro_values(event: Event) -> dict[str, Any]:
    """Returns the fields of an event by their names."""
    return dict(msgspec.to_builtins(event, builtin_types=AVRO_TYPES))
