"""Reads Avro records by a function that is made for their schema: one pass over the bytes, with nothing to look up on the way.

For schemas of our own, which are known to be sound; any other is read by fastavro, which these functions are tested to agree with.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from struct import Struct
from typing import Any

ReadRecord = Callable[[bytes, int], Any]
"""Given the bytes and where the record begins. Raises `EOFError`, `IndexError` or `ValueError` where they do not fit."""
EPOCH, EPOCH_ORDINAL = datetime(1970, 1, 1, tzinfo=UTC), date(1970, 1, 1).toordinal()
FLOAT, DOUBLE = Struct("<f"), Struct("<d")
LONG_BITS, UNSIGNED_MOST = 63, (1 << 64) - 1
MOMENTS_SIX_BYTES = range(1 << 35, 1 << 42)
"""Milliseconds since 1970, doubled as Avro does for the sign, that take six bytes: from the summer of 1970 to that of 2039."""
INDENT = "    "


def record_reader(schema: Mapping[str, Any], makers: Mapping[str, Callable[..., Any]]) -> ReadRecord:
    """`makers`: by the name of a record, what makes it of its fields, given by name; a dictionary of a record that is not named."""
    source = _Source(makers)
    read = source.function(schema)
    source.lines += ["def read_record(data, p):", f"{INDENT}record, p = {read}(data, p)", f"{INDENT}if p > len(data):"]
    source.lines += [f"{INDENT * 2}raise EOFError('the record ends too early')", f"{INDENT}return record"]
    exec("\n".join(source.lines), source.names)  # noqa: S102 -- made from our own schemas, as dataclasses are from their fields
    made: ReadRecord = source.names["read_record"]
    return made


class _Source:
    """The Python text of functions that read one type each, `(data, p) -> (value, p)`, and the names it rests on."""

    def __init__(self, makers: Mapping[str, Callable[..., Any]]) -> None:
        self.lines: list[str] = []
        self._makers = makers
        self.names: dict[str, Any] = {"read_long": read_long, "read_moment": read_moment, "day": _day, "FLOAT": FLOAT, "DOUBLE": DOUBLE}
        self._named: dict[str, Any] = {}
        self._made = 0

    def function(self, kind: Any) -> str:
        """Its name."""
        name = self._new("read")
        body = [f"def {name}(data, p):", *indented(self._reading(kind, "value")), f"{INDENT}return value, p"]
        self.lines += body
        return name

    def _reading(self, kind: Any, into: str) -> list[str]:
        """Statements that read a value of this type at `p` into a variable, and move `p` behind it."""
        if isinstance(kind, list):
            return self._union(kind, into)
        if isinstance(kind, str):
            return self._reading(self._named[kind], into) if kind in self._named else PRIMITIVES[kind, None](into)
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
        lines, fields = list[str](), [(field["name"], self._new("field")) for field in kind["fields"]]
        for field, (_, variable) in zip(kind["fields"], fields, strict=True):
            lines += self._reading(field["type"], variable)
        make = self._new("make")
        self.names[make] = self._makers.get(kind["name"], dict)
        return [*lines, f"{into} = {make}({', '.join(f'{name}={variable}' for name, variable in fields)})"]

    def _union(self, kinds: list[Any], into: str) -> list[str]:
        """Which of the types it is stands before it, in one byte as long as there are fewer than 64. Most are the first one, none."""
        lines = list[str]()
        for place, kind in enumerate(kinds):
            test = f"elif data[p] == {2 * place}:" if place else "if not data[p]:"
            lines += [test, f"{INDENT}p += 1", *indented(self._reading(kind, into))]
        return [*lines, "else:", f"{INDENT}raise ValueError('no type of the union')"]

    def _enum(self, kind: Mapping[str, Any], into: str) -> list[str]:
        self._named[kind["name"]] = kind
        symbols = self._new("symbols")
        self.names[symbols] = {2 * place: symbol for place, symbol in enumerate(kind["symbols"])}
        return [f"{into} = {symbols}.get(data[p]); p += 1", f"if {into} is None:", f"{INDENT}raise ValueError('no symbol of the enum')"]

    def _blocks(self, kind: Mapping[str, Any], into: str, *, keyed: bool) -> list[str]:
        """Items come in blocks, each after their number; a negative one is followed by the block's size."""
        items, many = self._new("items"), self._new("many")
        read = self.function(kind["values" if keyed else "items"])
        one = [*PRIMITIVES["string", None]("key"), f"{items}[key], p = {read}(data, p)"] if keyed else [f"item, p = {read}(data, p)"]
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
    """Nearly all take six bytes, whose bits are gathered two bytes at a time: every event bears several moments."""
    six = from_bytes(data[p : p + 6], "little")
    if six & 0x8080_8080_8080 == 0x80_8080_8080:
        pairs = six & 0x007F_007F_007F | six >> 1 & 0x3F80_3F80_3F80
        number = pairs & 0x3FFF | pairs >> 2 & 0x0FFF_C000 | pairs >> 4 & 0x3FF_F000_0000
        if not number & 1:
            return from_timestamp((number >> 1) / 1000, UTC), p + 6
    milliseconds, p = read_long(data, p)
    return EPOCH + timedelta(0, milliseconds // 1000, milliseconds % 1000 * 1000), p


from_bytes, from_timestamp = int.from_bytes, datetime.fromtimestamp


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
    ("long", "timestamp-millis"): lambda into: [f"{into}, p = read_moment(data, p)"],
    ("int", "date"): lambda into: ["n, p = read_long(data, p)", f"{into} = day(n)"],
}


def indented(lines: list[str]) -> list[str]:
    return [INDENT + line for line in lines]
