"""What a dead letter says, as far as it can be read: our event, the bare record of its schema, or bytes."""

import io
from dataclasses import dataclass
from typing import Any

import fastavro
import msgspec

from schemas.contract.codec import EVENT_TYPES, FRAME, UNREADABLE, Codec, SchemaIds, parsed
from schemas.contract.errors import Poison
from schemas.contract.events import Event

BYTES_SHOWN = 200


@dataclass(frozen=True, slots=True)
class Reading:
    """`event`: its name, where the whole is one of ours; `fields`: what could be read; `trouble`: why it is no more than that."""

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


def event_of(said: dict[str, Any]) -> Event:
    """The event that a mended letter says: `{"event": name, "fields": {…}}`. Raises `ValueError` with the field at fault."""
    name = str(said.get("event", ""))
    if name not in EVENT_TYPES:
        raise ValueError(
            f"there is no event {name or 'without a name'}; there are {', '.join(EVENT_TYPES)}"
        )
    try:
        event: Event = msgspec.convert(said.get("fields"), EVENT_TYPES[name], strict=False)
    except msgspec.ValidationError as fault:
        raise ValueError(str(fault)) from None
    return event


def _bare(value: bytes, ids: SchemaIds, trouble: str) -> Reading:
    """A record of a known schema whose values we refuse can still be shown."""
    written = (
        ids.schema_of(FRAME.unpack_from(value)[1])
        if len(value) >= FRAME.size and value[0] == 0
        else None
    )
    if written is None:
        return Reading(
            "",
            {
                "bytes": value[:BYTES_SHOWN].hex(" "),
                "text": value[:BYTES_SHOWN].decode(errors="replace"),
            },
            trouble,
        )
    try:
        record = fastavro.schemaless_reader(io.BytesIO(value[FRAME.size :]), parsed(written), None)
    except UNREADABLE:
        return Reading("", {"bytes": value[:BYTES_SHOWN].hex(" ")}, trouble)
    return Reading(str(written.get("name", "")), msgspec.to_builtins(record), trouble)
