"""Makes random records of an event's schema, the same in every run, as fastavro writes them."""

import io
import random
from collections.abc import Callable, Mapping
from typing import Any

import fastavro

from schemas.contract.codec import schema

RECORDS = 40
MANY = 3
MOMENTS, DAYS, INTS, LONGS = (
    (0, 4_000_000_000_000),
    (0, 40_000),
    (-(1 << 31), (1 << 31) - 1),
    (-(1 << 63), (1 << 63) - 1),
)


def written(name: str, *, wild: bool = False) -> list[bytes]:
    """Returns the bytes of `RECORDS` records; `wild` ones have times that no calendar has."""
    parsed = fastavro.parse_schema(without_times(schema(name)))
    maker = _Maker(random.Random(name), named_in(schema(name)), wild=wild)
    bodies = list[bytes]()
    for _ in range(RECORDS):
        body = io.BytesIO()
        fastavro.schemaless_writer(body, parsed, maker.value(schema(name)))
        bodies.append(body.getvalue())
    return bodies


def without_times(part: Any) -> Any:
    """Returns the schema in which times are the numbers that they are written as."""
    if isinstance(part, dict):
        return {
            key: without_times(value)
            for key, value in part.items()
            if key not in ("logicalType", "default")
        }
    return [without_times(branch) for branch in part] if isinstance(part, list) else part


def named_in(part: Any) -> dict[str, Any]:
    """Returns the enumerations and records that a part of a schema declares, by name."""
    named: dict[str, Any] = {}
    if isinstance(part, list):
        for branch in part:
            named |= named_in(branch)
    if isinstance(part, dict):
        for key in ("type", "items", "values", "fields"):
            named |= named_in(part.get(key))
        if part.get("type") in ("enum", "record"):
            named[part["name"]] = part
    return named


class _Maker:
    def __init__(self, numbers: random.Random, named: Mapping[str, Any], *, wild: bool) -> None:
        self._random, self._named = numbers, named
        self._moments, self._days = (LONGS, INTS) if wild else (MOMENTS, DAYS)

    def value(self, kind: Any) -> Any:
        if isinstance(kind, list):
            return self.value(self._random.choice(kind))
        if isinstance(kind, str):
            return self.value(self._named[kind]) if kind in self._named else self._plain(kind)
        count = range(self._random.randrange(MANY))
        match kind:
            case {"type": "record"}:
                value: Any = {field["name"]: self.value(field["type"]) for field in kind["fields"]}
            case {"type": "enum"}:
                value = self._random.choice(kind["symbols"])
            case {"type": "array"}:
                value = [self.value(kind["items"]) for _ in count]
            case {"type": "map"}:
                value = {self._text(): self.value(kind["values"]) for _ in count}
            case {"logicalType": logical}:
                value = self._number(
                    *(self._moments if logical == "timestamp-millis" else self._days)
                )
            case _:
                value = self._plain(kind["type"])
        return value

    def _plain(self, kind: str) -> Any:
        makers: dict[str, Callable[[], Any]] = {
            "null": lambda: None,
            "boolean": lambda: self._random.random() < 0.5,
            "int": lambda: self._number(*INTS),
            "long": lambda: self._number(*LONGS),
            "float": lambda: self._number(-1_000, 1_000) / 8,
            "double": lambda: self._number(-1_000, 1_000) / 8,
            "string": self._text,
            "bytes": lambda: self._text().encode(),
        }
        return makers[kind]()

    def _number(self, least: int, most: int) -> int:
        """Returns numbers of every size between the two."""
        size = self._random.randrange(1, most.bit_length() + 1)
        return max(
            least, min(most, self._random.randrange(1 << size) * self._random.choice((1, -1)))
        )

    def _text(self) -> str:
        length = self._random.choice((0, 1, 5, 36, 63, 64, 200, 1_100))
        return "".join(self._random.choice("aà 0-ữ𝄞") for _ in range(length))
