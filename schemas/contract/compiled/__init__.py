"""Reads and writes Avro records as `reading` and `writing` do, in C and in a fifth of the time: an object for each type of a schema.

Set-up builds the module `kinds` where it finds a C compiler; without it this package cannot be imported, and `avro_form` takes the others.
For schemas of our own, which are known to be sound.
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
    """As `reading.record_reader`; of unions the optional one only, which is all that our schemas have."""
    return _Kinds(structs).kind(schema).read_record


def record_writer(schema: Mapping[str, Any]) -> WriteRecord:
    """As `writing.record_writer`."""
    return _Kinds({}).kind(schema).write_record


class _Kinds:
    """Makes the object of each type, and keeps those that have a name, which later fields may mention."""

    def __init__(self, structs: Mapping[str, type[msgspec.Struct]]) -> None:
        self._structs = structs
        self._named: dict[str, Kind] = {}

    def kind(self, said: Any) -> Kind:
        if isinstance(said, list):
            return self._optional(said)
        if isinstance(said, str):
            return self._named[said] if said in self._named else PRIMITIVES[said, None]()
        match said["type"]:
            case "record":
                made: Kind = self._record(said)
            case "enum":
                made = Enum(tuple(said["symbols"]))
            case "array":
                return Array(self.kind(said["items"]))
            case "map":
                return Map(self.kind(said["values"]))
            case primitive:
                return PRIMITIVES[primitive, said.get("logicalType")]()
        self._named[said["name"]] = made
        return made

    def _optional(self, kinds: list[Any]) -> Kind:
        """The only union that our schemas know."""
        if len(kinds) != 2 or kinds[0] != "null":
            raise ValueError(f"a union of {kinds}")
        return Optional(self.kind(kinds[1]))

    def _record(self, said: Mapping[str, Any]) -> Kind:
        names = tuple(field["name"] for field in said["fields"])
        return Record(
            names,
            tuple(self.kind(field["type"]) for field in said["fields"]),
            self._structs.get(said["name"]),
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
