"""Reads a dead letter as far as it can be read: our event, a bare record, or bytes."""

import io
from dataclasses import dataclass
from typing import Any

import fastavro
import msgspec

from schemas.contract.codec import EVENT_TYPES, FRAME, UNREADABLE, Codec, SchemaIds, parsed
from schemas.contract.errors import Poison
from schemas.contract.events import Event

MAX_BYTES = 200


@dataclass(frozen=True, slots=True)
class Reading:
    """`event` is a name, where the whole is one of our events; `fields` is what could be read.

    `trouble` says why it is no more than that.
    """

    event: str
    fields: dict[str, Any]
    trouble: str


def read(value: bytes, ids: SchemaIds) -> Reading:
    """Raises `Busy` or `Unavailable` while the registry is away."""
    try:
        event = Codec(ids).decode(value)
    except Poison as poison:
        return _bare(value, ids, str(poison))
    return Reading(type(event).__name__, msgspec.to_builtins(event, str_keys=True), "")


def event_of(mended: dict[str, Any]) -> Event:
    """Returns the event that a mended letter holds: `{"event": name, "fields": {…}}`.

    Raises `ValueError` with the field at fault.
    """
    name = str(mended.get("event", ""))
    if name not in EVENT_TYPES:
        raise ValueError(
            f"there is no event {name or 'without a name'}; there are {', '.join(EVENT_TYPES)}"
        )
    try:
        event: Event = msgspec.convert(mended.get("fields"), EVENT_TYPES[name], strict=False)
    except msgspec.ValidationError as fault:
        raise ValueError(str(fault)) from None
    return event


def _bare(value: bytes, ids: SchemaIds, trouble: str) -> Reading:
    """Reads a record of a known schema whose values we refuse, or else shows its bytes."""
    shown = value[:MAX_BYTES]
    framed = len(value) >= FRAME.size and value[0] == 0
    written = ids.schema_of(FRAME.unpack_from(value)[1]) if framed else None
    if written is None:
        text = shown.decode(errors="replace")
        return Reading("", {"bytes": shown.hex(" "), "text": text}, trouble)
    try:
        record = fastavro.schemaless_reader(io.BytesIO(value[FRAME.size :]), parsed(written), None)
    except UNREADABLE:
        return Reading("", {"bytes": shown.hex(" ")}, trouble)
    return Reading(str(written.get("name", "")), msgspec.to_builtins(record), trouble)
