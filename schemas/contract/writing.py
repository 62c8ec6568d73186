"""Writes events as Avro with fastavro, where set-up could not build `compiled`.

It is the counterpart of `reading`: it writes the same bytes and refuses the same values.
"""

import io
import struct
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

import fastavro

from schemas.contract.conversions import Conversions, Convert

WriteRecord = Callable[[Any], bytes]
FLOAT = struct.Struct("<f")


def record_writer(schema: Mapping[str, Any]) -> WriteRecord:
    """Returns the writer of a schema: it takes any object that has the record's fields."""
    convert = _ToAvro().conversion(schema)
    parsed = fastavro.parse_schema(dict(schema))

    def write_record(event: Any) -> bytes:
        body = io.BytesIO()
        fastavro.schemaless_writer(body, parsed, convert(event))
        return body.getvalue()

    return write_record


class _ToAvro(Conversions):
    """Converts our events into what fastavro writes."""

    def record(self, name: str, fields: Mapping[str, Convert]) -> Convert:
        return lambda event: {
            field: convert(getattr(event, field)) for field, convert in fields.items()
        }

    def plain(self, kind: str, logical: str | None) -> Convert:
        return PLAIN[kind, logical]


def _instance_of(*types: type) -> Convert:
    """Returns a check: fastavro itself would round 5.5 to a whole number, or parse a text."""

    def checked(value: Any) -> Any:
        if not isinstance(value, types):
            raise TypeError(f"{type(value).__name__} is none of {types}")
        return value

    return checked


def _four_bytes(value: Any) -> Any:
    """Raises `OverflowError` for a number that fastavro would write as infinite."""
    FLOAT.pack(value)
    return value


PLAIN: Mapping[tuple[str, str | None], Convert] = {
    ("boolean", None): bool,
    ("int", None): _instance_of(int),
    ("long", None): _instance_of(int),
    ("float", None): _four_bytes,
    ("double", None): _instance_of(int, float),
    ("string", None): _instance_of(str),
    ("bytes", None): _instance_of(bytes),
    ("long", "timestamp-millis"): _instance_of(datetime),
    ("int", "date"): _instance_of(date),
}
