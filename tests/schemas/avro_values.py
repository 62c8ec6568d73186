"""Events as fastavro takes them."""

from datetime import date, datetime
from typing import Any

import msgspec

from schemas.contract.events import Event

AVRO_TYPES = (datetime, date, bytes)
"""Values that Avro takes as they are."""


def avro_values(event: Event) -> dict[str, Any]:
    return dict(msgspec.to_builtins(event, builtin_types=AVRO_TYPES))
