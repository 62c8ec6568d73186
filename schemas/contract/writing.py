"""Writes events as Avro by a function that is made for their schema, straight from the event's attributes: the counterpart of `reading`."""

from collections.abc import Callable, Mapping
from datetime import datetime
from struct import Struct
from typing import Any

from schemas.contract.moments import (
    DOUBLED,
    FIRST_PAIRS,
    LAST_PAIRS,
    PAIR_BITS,
    PAIR_MOST,
    milliseconds,
)
from schemas.contract.reading import EPOCH_ORDINAL, INDENT, LONG_BITS, indented

WriteRecord = Callable[[Any], bytes]
SMALL = 1_024
"""Numbers below this are looked up."""


def record_writer(schema: Mapping[str, Any]) -> WriteRecord:
    source = _Source()
    write = source.function(schema)
    source.lines += [
        "def write_record(event):",
        f"{INDENT}parts = []",
        f"{INDENT}{write}(event, parts.append)",
    ]
    source.lines += [f"{INDENT}return b''.join(parts)"]
    exec("\n".join(source.lines), source.names)  # noqa: S102 -- made from our own schemas, as dataclasses are from their fields
    made: WriteRecord = source.names["write_record"]
    return made


class _Source:
    """The Python text of functions that write one type each, `(value, add)`, and the names it rests on."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.names: dict[str, Any] = {
            "long_bytes": long_bytes,
            "moment_bytes": moment_bytes,
            "SMALLS": SMALLS,
            "SMALL": SMALL,
        }
        self.names |= {"FLOAT": FLOAT, "DOUBLE": DOUBLE, "EPOCH_ORDINAL": EPOCH_ORDINAL}
        self._named: dict[str, Any] = {}
        self._made = 0

    def function(self, kind: Any) -> str:
        """Its name."""
        name = self._new("write")
        body = [f"def {name}(value, add):", *indented(self._writing(kind, "value"))]
        self.lines += body
        return name

    def _writing(self, kind: Any, value: str) -> list[str]:
        """Statements that add the bytes of what this expression, a name, stands for."""
        if isinstance(kind, list):
            return self._optional(kind, value)
        if isinstance(kind, str):
            return (
                self._writing(self._named[kind], value)
                if kind in self._named
                else PRIMITIVES[kind, None](value)
            )
        match kind["type"]:
            case "record":
                return self._record(kind, value)
            case "enum":
                return self._enum(kind, value)
            case "array" | "map" as name:
                return self._block(kind, value, keyed=name == "map")
        return PRIMITIVES[kind["type"], kind.get("logicalType")](value)

    def _record(self, kind: Mapping[str, Any], value: str) -> list[str]:
        self._named[kind["name"]] = kind
        lines = list[str]()
        for field in kind["fields"]:
            variable = self._new("field")
            lines += [
                f"{variable} = {value}.{field['name']}",
                *self._writing(field["type"], variable),
            ]
        return lines

    def _optional(self, kinds: list[Any], value: str) -> list[str]:
        """The only union that our schemas know."""
        if len(kinds) != 2 or kinds[0] != "null":
            raise ValueError(f"a union of {kinds}")
        kind = kinds[1]
        there = indented(["add(b'\\x02')", *self._writing(kind, value)])
        return [f"if {value} is None:", f"{INDENT}add(b'\\x00')", "else:", *there]

    def _enum(self, kind: Mapping[str, Any], value: str) -> list[str]:
        self._named[kind["name"]] = kind
        symbols = self._new("symbols")
        self.names[symbols] = {
            symbol: long_bytes(place) for place, symbol in enumerate(kind["symbols"])
        }
        return [f"add({symbols}[{value}])"]

    def _block(self, kind: Mapping[str, Any], value: str, *, keyed: bool) -> list[str]:
        """All items in one block after their number, then the number of a block that is empty."""
        write = self.function(kind["values" if keyed else "items"])
        each = (
            [
                "for key, item in " + value + ".items():",
                *indented(PRIMITIVES["string", None]("key")),
            ]
            if keyed
            else [f"for item in {value}:"]
        )
        filled = [f"add(long_bytes(len({value})))", *each, f"{INDENT}{write}(item, add)"]
        return [f"if {value}:", *indented(filled), "add(b'\\x00')"]

    def _new(self, stem: str) -> str:
        self._made += 1
        return f"{stem}_{self._made}"


def long_bytes(number: int) -> bytes:
    """Seven bits a byte, the lowest first, the sign in the lowest of all."""
    if not -(1 << LONG_BITS) <= number < 1 << LONG_BITS:
        raise OverflowError("a number of more than 64 bits")
    rest, written = (number << 1) ^ (number >> LONG_BITS), bytearray()
    while rest > 0x7F:
        written.append(rest & 0x7F | 0x80)
        rest >>= 7
    written.append(rest)
    return bytes(written)


def moment_bytes(at: datetime) -> bytes:
    number = 2 * milliseconds(at)
    if DOUBLED.start <= number < DOUBLED.stop:
        return (
            FIRST_PAIRS[number & PAIR_MOST]
            + FIRST_PAIRS[number >> PAIR_BITS & PAIR_MOST]
            + LAST_PAIRS[number >> 2 * PAIR_BITS]
        )
    return long_bytes(number >> 1)


def _long(value: str) -> list[str]:
    return [f"add(SMALLS[{value}] if 0 <= {value} < SMALL else long_bytes({value}))"]


def _sized(content: str) -> Callable[[str], list[str]]:
    return lambda value: [
        f"content = {content.format(value)}",
        "n = len(content)",
        "add(SMALLS[n] if n < SMALL else long_bytes(n))",
        "add(content)",
    ]


FLOAT, DOUBLE = Struct("<f"), Struct("<d")
SMALLS = tuple(long_bytes(number) for number in range(SMALL))
PRIMITIVES: Mapping[tuple[str, str | None], Callable[[str], list[str]]] = {
    ("boolean", None): lambda value: [f"add(b'\\x01' if {value} else b'\\x00')"],
    ("int", None): _long,
    ("long", None): _long,
    ("float", None): lambda value: [f"add(FLOAT.pack({value}))"],
    ("double", None): lambda value: [f"add(DOUBLE.pack({value}))"],
    ("string", None): _sized("{}.encode()"),
    ("bytes", None): _sized("{}"),
    ("long", "timestamp-millis"): lambda value: [f"add(moment_bytes({value}))"],
    ("int", "date"): lambda value: [f"add(long_bytes({value}.toordinal() - EPOCH_ORDINAL))"],
}
