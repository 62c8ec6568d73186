"""Encodes and decodes events as Avro in Confluent's frame: a zero byte and the schema's id in four.

Records of older schema versions are upcast while they are read.
"""

import io
import json
import struct
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Protocol

import fastavro
import msgspec
from fastavro.read import SchemaResolutionError
from fastavro.schema import SchemaParseException, UnknownType
from fastavro.types import Schema

from schemas.contract.avro_form import ReadRecord, WriteRecord, record_reader, record_writer
from schemas.contract.errors import Poison
from schemas.contract.events import EVENTS, AdoptedPartition, Event, HeldDocument, KnownPeriod
from schemas.contract.upcast import upcast

AVRO = Path(__file__).parent / "avro"
FRAME = struct.Struct(">bI")
FRAME_BYTES = FRAME.size
EVENT_TYPES: Mapping[str, type[Event]] = {event.__name__: event for event in EVENTS}
RECORD_TYPES: Mapping[str, type[msgspec.Struct]] = {
    **EVENT_TYPES,
    "AdoptedPartition": AdoptedPartition,
    "HeldDocument": HeldDocument,
    "KnownPeriod": KnownPeriod,
}
"""Every record that a schema names, by its name; those within events are among them."""
UNREADABLE = (
    EOFError,
    ValueError,
    TypeError,
    KeyError,
    IndexError,
    OverflowError,
    MemoryError,
    RecursionError,
    struct.error,
    msgspec.ValidationError,
    SchemaResolutionError,
    SchemaParseException,
    UnknownType,
)
"""The errors that damaged bytes, or schemas from outside, raise in a reader."""


class SchemaIds(Protocol):
    """Schema registry as the codec uses it. Both may raise `Busy` while the registry is away."""

    def id_of(self, event_name: str) -> int:
        """Returns the id under which the newest version of the event's schema is registered."""

    def schema_of(self, schema_id: int) -> dict[str, Any] | None:
        """Returns the schema with this id, parsed from JSON; None if there is no such id."""


class Codec:
    """Encodes events with their newest schema, and decodes any registered version into an event."""

    def __init__(self, ids: SchemaIds) -> None:
        self._ids = ids
        self._writers: dict[type[Event], tuple[bytes, WriteRecord]] = {}
        self._readers: dict[bytes, ReadRecord] = {}
        """Readers by the frame before the record."""

    def encode(self, event: Event) -> bytes:
        """Returns the frame and the record. Raises `Busy` while the schema's id is not known."""
        header, write = self._writers.get(type(event)) or self._writer(type(event))
        return header + write(event)

    def decode(self, data: bytes | None) -> Event:
        """Returns the event.

        Raises `Poison` for a record that can never be read, `Busy` while its schema is away.
        """
        if data is None:
            raise Poison("no frame: no bytes at all")
        read = self._readers.get(data[:FRAME_BYTES]) or self._reader(data)
        try:
            event: Event = read(data, FRAME_BYTES)
        except UNREADABLE as error:
            schema_id = FRAME.unpack_from(data)[1]
            raise Poison(
                f"schema {schema_id} does not fit the bytes ({type(error).__name__})"
            ) from error
        return event

    def _writer(self, event: type[Event]) -> tuple[bytes, WriteRecord]:
        header = FRAME.pack(0, self._ids.id_of(event.__name__))
        self._writers[event] = (header, record_writer(schema(event.__name__)))
        return self._writers[event]

    def _reader(self, data: bytes) -> ReadRecord:
        if len(data) < FRAME_BYTES:
            raise Poison("no frame: shorter than five bytes")
        magic, schema_id = FRAME.unpack_from(data)
        if magic != 0:
            raise Poison(f"no frame: first byte is {magic}, not 0")
        read = self._readers[data[:FRAME_BYTES]] = self._reader_of(schema_id)
        return read

    def _reader_of(self, schema_id: int) -> ReadRecord:
        written = self._ids.schema_of(schema_id)
        if written is None:
            raise Poison(f"schema {schema_id} is not in the registry")
        name = str(written.get("name"))
        if name not in EVENT_TYPES:
            raise Poison(f"schema {schema_id} is of {name}, which is no event of ours")
        try:
            return _event_reader(name, written)
        except UNREADABLE as error:
            raise Poison(
                f"schema {schema_id} is no Avro schema ({type(error).__name__})"
            ) from error


def _event_reader(name: str, written: dict[str, Any]) -> ReadRecord:
    """Returns the reader of records that were written with this schema.

    Nearly every record has the newest schema, for which there is a reader that makes the event as
    it goes. A test holds that schema and event say the same of every field.
    """
    event, newest = EVENT_TYPES[name], parsed_schema(name)
    if written == schema(name):
        return record_reader(written, RECORD_TYPES)
    older = parsed(written)
    return lambda data, start: msgspec.convert(
        upcast(name, written, _read(data, start, older, newest)), event
    )


def _read(data: bytes, start: int, written: Schema, newest: Schema) -> dict[str, Any]:
    body = io.BytesIO(data)
    body.seek(start)
    record = fastavro.schemaless_reader(body, written, newest)
    if not isinstance(record, dict):
        raise TypeError("not a record")
    return record


def parsed(written: dict[str, Any]) -> Schema:
    """Returns a schema from outside as fastavro takes it. Raises one of `UNREADABLE`.

    A schema that contains itself is refused too: fastavro, which is compiled, would follow it until
    the process dies.
    """
    if _contains_itself(written, frozenset()):
        raise ValueError("the schema contains itself")
    return fastavro.parse_schema(written)


def _contains_itself(part: Any, around: frozenset[str]) -> bool:
    if isinstance(part, str):
        return part.rpartition(".")[2] in around
    if isinstance(part, list):
        return any(_contains_itself(branch, around) for branch in part)
    if not isinstance(part, dict):
        return False
    if isinstance(part.get("fields"), list):
        inside = around | {str(part.get("name")).rpartition(".")[2]}
        return any(_contains_itself(field["type"], inside) for field in part["fields"])
    return any(_contains_itself(part.get(key), around) for key in ("type", "items", "values"))


@cache
def schema(event_name: str) -> dict[str, Any]:
    """Returns the newest schema of an event, as it stands in its .avsc file."""
    text: dict[str, Any] = json.loads((AVRO / f"{event_name}.avsc").read_text(encoding="utf-8"))
    return text


@cache
def parsed_schema(event_name: str) -> Schema:
    """Returns the newest schema of an event as fastavro takes it."""
    return fastavro.parse_schema(schema(event_name))
