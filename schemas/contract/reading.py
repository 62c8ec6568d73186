"""Reads Avro records of our own schemas with fastavro, where set-up could not build `compiled`.

It is slower. It gives the same values, and refuses every record that ends too early.
"""

import io
from collections.abc import Callable, Mapping
from typing import Any

import fastavro
import msgspec

from schemas.contract.conversions import MAX_SYMBOLS, Conversions, Convert, unchanged

# `compiled.kinds` imports MAX_SYMBOLS from here.
__all__ = ["MAX_SYMBOLS", "ReadRecord", "record_reader"]

ReadRecord = Callable[[bytes, int], Any]
"""Reads the record that begins at this place in the bytes.

It raises `EOFError`, `LookupError`, `OverflowError` or `ValueError` where they do not fit.
"""


def record_reader(
    schema: Mapping[str, Any], structs: Mapping[str, type[msgspec.Struct]]
) -> ReadRecord:
    """Returns the reader of a schema.

    `structs` says by the name of a record what it is read into; other records become dictionaries.
    """
    convert = _FromAvro(structs).conversion(schema)
    parsed = fastavro.parse_schema(dict(schema))

    def read_record(data: bytes, start: int) -> Any:
        if not 0 <= start <= len(data):
            raise EOFError("the record begins beyond the bytes")
        body = io.BytesIO(data)
        body.seek(start)
        return convert(fastavro.schemaless_reader(body, parsed, None))

    return read_record


class _FromAvro(Conversions):
    """Converts what fastavro has read into our events."""

    def __init__(self, structs: Mapping[str, type[msgspec.Struct]]) -> None:
        super().__init__()
        self._structs = structs

    def record(self, name: str, fields: Mapping[str, Convert]) -> Convert:
        struct = self._structs.get(name)
        if struct is None:
            return lambda read: {field: convert(read[field]) for field, convert in fields.items()}
        in_order = [(field, fields[field]) for field in struct.__struct_fields__]
        return lambda read: struct(*[convert(read[field]) for field, convert in in_order])

    def plain(self, kind: str, logical: str | None) -> Convert:
        return unchanged
