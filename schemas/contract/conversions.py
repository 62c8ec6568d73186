"""Walks a schema of our own and makes the function that converts its values for fastavro.

`reading` and `writing` say what becomes of a record and of a plain value.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from typing import Any

Convert = Callable[[Any], Any]

MAX_SYMBOLS = 64
"""Largest number of an enumeration's symbols: the number of each then takes one byte."""


class Conversions(ABC):
    """Makes the conversion for each type, and keeps those of types that later fields may name."""

    def __init__(self) -> None:
        self._named: dict[str, Convert] = {}

    def conversion(self, kind: Any) -> Convert:
        """Returns the function that converts a value of this Avro type.

        Raises `ValueError` for a union or an enumeration that the compiled form could not handle.
        """
        match kind:
            case list():
                convert = self._optional(kind)
            case str():
                convert = self._named.get(kind) or self.plain(kind, None)
            case {"type": "record", "name": name}:
                convert = self._named[name] = self._record(kind)
            case {"type": "enum", "name": name, "symbols": symbols}:
                convert = self._named[name] = _symbol(symbols)
            case {"type": "array", "items": items}:
                convert = _array(self.conversion(items))
            case {"type": "map", "values": values}:
                convert = _map(self.conversion(values))
            case _:
                convert = self.plain(kind["type"], kind.get("logicalType"))
        return convert

    @abstractmethod
    def record(self, name: str, fields: Mapping[str, Convert]) -> Convert:
        """Returns the conversion of a record, given that of each field in the schema's order."""

    @abstractmethod
    def plain(self, kind: str, logical: str | None) -> Convert:
        """Returns the conversion of a value that holds no others."""

    def _record(self, kind: Mapping[str, Any]) -> Convert:
        fields = {field["name"]: self.conversion(field["type"]) for field in kind["fields"]}
        return self.record(kind["name"], fields)

    def _optional(self, kinds: list[Any]) -> Convert:
        """Our schemas have no other union."""
        if len(kinds) != 2 or kinds[0] != "null":
            raise ValueError(f"a union of {kinds}")
        convert = self.conversion(kinds[1])
        return lambda value: None if value is None else convert(value)


def unchanged(value: Any) -> Any:
    """Returns the value itself: fastavro and our events have it alike."""
    return value


def _symbol(symbols: list[str]) -> Convert:
    if len(symbols) > MAX_SYMBOLS:
        raise ValueError(f"{len(symbols)} symbols, which take more than one byte")
    return unchanged


def _array(convert: Convert) -> Convert:
    return lambda values: [convert(value) for value in values]


def _map(convert: Convert) -> Convert:
    return lambda values: {key: convert(value) for key, value in values.items()}
