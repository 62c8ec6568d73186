"""Reads Avro records by a function that is made for their schema: one pass over the bytes, with nothing to look up on the way.

For schemas of our own, which are known to be sound; any other is read by fastavro, which these functions are tested to agree with.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from itertools import groupby
from struct import Struct
from typing import Any

import msgspec

from schemas.contract.moments import EPOCH, HIGH, LOW, MIDDLE, MILLISECOND, ODD, SIX_BYTES

ReadRecord = Callable[[bytes, int], Any]
"""Given the bytes and where the record begins. Raises `EOFError`, `LookupError`, `OverflowError`, `ValueError` or
`struct.error` where they do not fit."""
EPOCH_ORDINAL = EPOCH.toordinal()
FLOAT, DOUBLE = Struct("<f"), Struct("<d")
LONG_BITS, UNSIGNED_MOST = 63, (1 << 64) - 1
BEYOND = bytes(SIX_BYTES.size)
"""Put behind every record, so that six bytes may be looked at anywhere in it."""
SYMBOLS_MOST = 64
"""Of an enumeration, so that each is one byte."""
RUN_LEAST = 8
"""Fields in a row that are tried at once; in shorter runs one is too often there, and the try is lost."""
INDENT = "    "
Field = tuple[str, Any]
"""The variable that it is read into, and its type."""


def record_reader(
    schema: Mapping[str, Any], structs: Mapping[str, type[msgspec.Struct]]
) -> ReadRecord:
    """`structs`: by the name of a record, what it is read into; a dictionary where it is not named."""
    source = _Source(structs)
    body = [
        "end_of_all = len(data)",
        "data += BEYOND",
        *source.reading(schema, "record"),
        "if p > end_of_all:",
    ]
    body += [f"{INDENT}raise EOFError('the record ends too early')", "return record"]
    source.lines += ["def read_record(data, p):", *indented(body)]
    exec("\n".join(source.lines), source.names)  # noqa: S102 -- made from our own schemas, as dataclasses are from their fields
    made: ReadRecord = source.names["read_record"]
    return made


class _Source:
    """The Python text of functions that read one type each, `(data, p) -> (value, p)`, and the names it rests on."""

    def __init__(self, structs: Mapping[str, type[msgspec.Struct]]) -> None:
        self.lines: list[str] = []
        self._structs = structs
        self.names: dict[str, Any] = dict(NAMES)
        self._named: dict[str, Any] = {}
        self._made = 0

    def function(self, kind: Any) -> str:
        """Its name."""
        name = self._new("read")
        body = [
            f"def {name}(data, p):",
            *indented(self.reading(kind, "value")),
            f"{INDENT}return value, p",
        ]
        self.lines += body
        return name

    def reading(self, kind: Any, into: str) -> list[str]:
        """Statements that read a value of this type at `p` into a variable, and move `p` behind it."""
        if isinstance(kind, list):
            return self._union(kind, into)
        if isinstance(kind, str):
            return (
                self.reading(self._named[kind], into)
                if kind in self._named
                else PRIMITIVES[kind, None](into)
            )
        match kind["type"]:
            case "record":
                return self._record(kind, into)
            case "enum":
                return self._enum(kind, into)
            case "array" | "map" as name:
                return self._blocks(kind, into, keyed=name == "map")
        return PRIMITIVES[kind["type"], kind.get("logicalType")](into)

    def _record(self, kind: Mapping[str, Any], into: str) -> list[str]:
        self._named[kind["name"]] = kind
        lines, fields = (
            list[str](),
            [(self._new("field"), field["type"]) for field in kind["fields"]],
        )
        for may_be_empty, run in groupby(fields, lambda field: _may_be_empty(field[1])):
            together = list(run)
            lines += self._run(together) if may_be_empty else self._each(together)
        given = {
            field["name"]: variable
            for field, (variable, _) in zip(kind["fields"], fields, strict=True)
        }
        return [*lines, f"{into} = {self._making(kind['name'], given)}"]

    def _making(self, name: str, given: Mapping[str, str]) -> str:
        """By place, and not by name, which takes a struct of thirty fields ten times as long."""
        make, struct = self._new("make"), self._structs.get(name)
        self.names[make] = struct or dict
        if struct is None:
            return (
                f"{make}({', '.join(f'{field}={variable}' for field, variable in given.items())})"
            )
        return f"{make}({', '.join(given[field] for field in struct.__struct_fields__)})"

    def _each(self, fields: Sequence[Field]) -> list[str]:
        return [line for variable, kind in fields for line in self.reading(kind, variable)]

    def _run(self, fields: Sequence[Field]) -> list[str]:
        """Where several that may be empty stand together, mostly all of them are: so many zero bytes."""
        if len(fields) < RUN_LEAST:
            return self._each(fields)
        return [
            f"if data[p : p + {len(fields)}] == {bytes(len(fields))!r}:",
            f"{INDENT}p += {len(fields)}",
            f"{INDENT}{' = '.join(variable for variable, _ in fields)} = None",
            "else:",
            *indented(self._each(fields)),
        ]

    def _union(self, kinds: list[Any], into: str) -> list[str]:
        """Which of the types it is stands before it, in one byte as long as there are fewer than 64. Most are the first one, none."""
        lines = ["n = data[p]; p += 1"]
        for place, kind in enumerate(kinds):
            test = f"elif n == {2 * place}:" if place else "if not n:"
            lines += [test, *indented(self.reading(kind, into))]
        return [*lines, "else:", f"{INDENT}raise ValueError('no type of the union')"]

    def _enum(self, kind: Mapping[str, Any], into: str) -> list[str]:
        self._named[kind["name"]] = kind
        if len(kind["symbols"]) > SYMBOLS_MOST:
            raise ValueError(f"{len(kind['symbols'])} symbols, which take more than one byte")
        symbols = self._new("symbols")
        self.names[symbols] = {2 * place: symbol for place, symbol in enumerate(kind["symbols"])}
        return [f"{into} = {symbols}[data[p]]; p += 1"]

    def _blocks(self, kind: Mapping[str, Any], into: str, *, keyed: bool) -> list[str]:
        """Items come in blocks, each after their number; a negative one is followed by the block's size."""
        items, many = self._new("items"), self._new("many")
        read = self.function(kind["values" if keyed else "items"])
        one = (
            [*PRIMITIVES["string", None]("key"), f"{items}[key], p = {read}(data, p)"]
            if keyed
            else [f"item, p = {read}(data, p)"]
        )
        return [
            f"{items} = {'{}' if keyed else '[]'}",
            f"{many}, p = read_long(data, p)",
            f"while {many}:",
            f"{INDENT}if {many} < 0:",
            f"{INDENT * 2}{many}, (_, p) = -{many}, read_long(data, p)",
            f"{INDENT}for _ in range({many}):",
            *indented(indented(one if keyed else [*one, f"{items}.append(item)"])),
            f"{INDENT}{many}, p = read_long(data, p)",
            f"{into} = {items}",
        ]

    def _new(self, stem: str) -> str:
        self._made += 1
        return f"{stem}_{self._made}"


def _may_be_empty(kind: Any) -> bool:
    """Whether a zero byte says that there is none."""
    return isinstance(kind, list) and kind[0] == "null"


def read_long(data: bytes, p: int) -> tuple[int, int]:
    """Seven bits a byte, the lowest first, the sign in the lowest of all."""
    byte = data[p]
    p += 1
    value, shift = byte & 0x7F, 7
    while byte & 0x80 and shift <= LONG_BITS:
        byte = data[p]
        p += 1
        value |= (byte & 0x7F) << shift
        shift += 7
    if byte & 0x80 or value > UNSIGNED_MOST:
        raise ValueError("a number of more than 64 bits")
    return (value >> 1) ^ -(value & 1), p


def read_moment(data: bytes, p: int) -> tuple[datetime, int]:
    """Any that there may be."""
    milliseconds, p = read_long(data, p)
    return EPOCH + milliseconds * MILLISECOND, p


def _day(number: int) -> date:
    return date.fromordinal(EPOCH_ORDINAL + number)


def _long(into: str) -> list[str]:
    """Most are small, and take one byte."""
    return [
        "n = data[p]; p += 1",
        "if n & 0x80:",
        f"{INDENT}{into}, p = read_long(data, p - 1)",
        "else:",
        f"{INDENT}{into} = (n >> 1) ^ -(n & 1)",
    ]


def _sized(value: str) -> Callable[[str], list[str]]:
    """A length below 64, which most have, is one even byte. Whether the bytes were there is asked once, at the record's end."""
    return lambda into: [
        "n = data[p]; p += 1",
        "if n & 0x81:",
        f"{INDENT}n, p = read_long(data, p - 1)",
        f"{INDENT}n += n",
        f"{INDENT}if n < 0:",
        f"{INDENT * 2}raise ValueError('a negative length')",
        "end = p + (n >> 1)",
        f"{into} = {value}; p = end",
    ]


def _moment(into: str) -> list[str]:
    """Every event bears several, nearly all of six bytes: `n` is doubled milliseconds, few enough for a float to have them exactly."""
    return [
        "low, middle, high = six_bytes(data, p)",
        "n = LOW[low] | MIDDLE[middle] | HIGH[high]",
        "if n & ODD:",
        f"{INDENT}{into}, p = read_moment(data, p)",
        "else:",
        f"{INDENT}{into} = from_timestamp(n / 2000, UTC); p += 6",
    ]


def _fixed(struct: str, size: int) -> Callable[[str], list[str]]:
    return lambda into: [
        f"if p + {size} > len(data):",
        f"{INDENT}raise EOFError",
        f"{into} = {struct}.unpack_from(data, p)[0]; p += {size}",
    ]


PRIMITIVES: Mapping[tuple[str, str | None], Callable[[str], list[str]]] = {
    ("null", None): lambda into: [f"{into} = None"],
    ("boolean", None): lambda into: [f"{into} = data[p] != 0; p += 1"],
    ("int", None): _long,
    ("long", None): _long,
    ("float", None): _fixed("FLOAT", 4),
    ("double", None): _fixed("DOUBLE", 8),
    ("string", None): _sized("data[p:end].decode()"),
    ("bytes", None): _sized("data[p:end]"),
    ("long", "timestamp-millis"): _moment,
    ("int", "date"): lambda into: ["n, p = read_long(data, p)", f"{into} = day(n)"],
}

NAMES: Mapping[str, Any] = {
    "read_long": read_long,
    "read_moment": read_moment,
    "six_bytes": SIX_BYTES.unpack_from,
    "from_timestamp": datetime.fromtimestamp,
    "day": _day,
    "LOW": LOW,
    "MIDDLE": MIDDLE,
    "HIGH": HIGH,
    "ODD": ODD,
    "UTC": UTC,
    "BEYOND": BEYOND,
    "FLOAT": FLOAT,
    "DOUBLE": DOUBLE,
}
"""What the functions made here rest on."""


def indented(lines: list[str]) -> list[str]:
    return [INDENT + line for line in lines]
