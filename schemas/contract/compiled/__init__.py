"""Reads and writes Avro records in C: an object for each type of a schema.

Set-up builds the module `kinds` where it finds a C compiler. Without it this package cannot be
imported, and `avro_form` picks fastavro. It is for schemas of our own, which are known to be sound.
"""

from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from schemas.contract.compiled.kinds import (
    Array,
    Boolean,
    Bytes,
    Day,
    Double,
    Enum,
    Float,
    Kind,
    Long,
    Map,
    Moment,
    Optional,
    Record,
    String,
)
from schemas.contract.reading import ReadRecord
from schemas.contract.writing import WriteRecord


def record_reader(
    schema: Mapping[str, Any], structs: Mapping[str, type[msgspec.Struct]]
) -> ReadRecord:
    """Returns what `reading.record_reader` returns.

    Raises `ValueError` for a union other than the optional one, which is all that our schemas have.
    """
    return _Kinds(structs).kind(schema).read_record


def record_writer(schema: Mapping[str, Any]) -> WriteRecord:
    """Returns what `writing.record_writer` returns."""
    return _Kinds({}).kind(schema).write_record


class _Kinds:
    """Makes the object of each type, and keeps those that later fields may name."""

    def __init__(self, structs: Mapping[str, type[msgspec.Struct]]) -> None:
        self._structs = structs
        self._named: dict[str, Kind] = {}

    def kind(self, declared: Any) -> Kind:
        """Returns the object of a type as a schema declares it."""
        match declared:
            case list():
                kind = self._optional(declared)
            case str():
                kind = self._named.get(declared) or PRIMITIVES[declared, None]()
            case {"type": "record", "name": name}:
                kind = self._named[name] = self._record(declared)
            case {"type": "enum", "name": name, "symbols": symbols}:
                kind = self._named[name] = Enum(tuple(symbols))
            case {"type": "array", "items": items}:
                kind = Array(self.kind(items))
            case {"type": "map", "values": values}:
                kind = Map(self.kind(values))
            case _:
                kind = PRIMITIVES[declared["type"], declared.get("logicalType")]()
        return kind

    def _optional(self, kinds: list[Any]) -> Kind:
        """Our schemas have no other union."""
        if len(kinds) != 2 or kinds[0] != "null":
            raise ValueError(f"a union of {kinds}")
        return Optional(self.kind(kinds[1]))

    def _record(self, declared: Mapping[str, Any]) -> Kind:
        names = tuple(field["name"] for field in declared["fields"])
        return Record(
            names,
            tuple(self.kind(field["type"]) for field in declared["fields"]),
            self._structs.get(declared["name"]),
        )


PRIMITIVES: Mapping[tuple[str, str | None], Callable[[], Kind]] = {
    ("boolean", None): Boolean,
    ("int", None): Long,
    ("long", None): Long,
    ("float", None): Float,
    ("double", None): Double,
    ("string", None): String,
    ("bytes", None): Bytes,
    ("long", "timestamp-millis"): Moment,
    ("int", "date"): Day,
}
