"""Random records of an event's schema, the same in every run, as fastavro writes them."""

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
    """`wild`: with times that no calendar has."""
    chosen, parsed = random.Random(name), fastavro.parse_schema(without_times(schema(name)))
    maker, bodies = _Maker(chosen, named_in(schema(name)), wild=wild), list[bytes]()
    for _ in range(RECORDS):
        body = io.BytesIO()
        fastavro.schemaless_writer(body, parsed, maker.value(schema(name)))
        bodies.append(body.getvalue())
    return bodies


def without_times(part: Any) -> Any:
    """A schema in which times are the numbers that they are written as."""
    if isinstance(part, dict):
        return {
            key: without_times(value)
            for key, value in part.items()
            if key not in ("logicalType", "default")
        }
    return [without_times(one) for one in part] if isinstance(part, list) else part


def named_in(part: Any) -> dict[str, Any]:
    if isinstance(part, list):
        return {name: kind for one in part for name, kind in named_in(one).items()}
    if not isinstance(part, dict):
        return {}
    inside = [value for key, value in part.items() if key in ("type", "items", "values", "fields")]
    return named_in(inside) | (
        {part["name"]: part} if part.get("type") in ("enum", "record") else {}
    )


class _Maker:
    def __init__(self, chosen: random.Random, named: Mapping[str, Any], *, wild: bool) -> None:
        self._chosen, self._named = chosen, named
        self._moments, self._days = (LONGS, INTS) if wild else (MOMENTS, DAYS)

    def value(self, kind: Any) -> Any:
        if isinstance(kind, list):
            return self.value(self._chosen.choice(kind))
        if isinstance(kind, str):
            return self.value(self._named[kind]) if kind in self._named else self._plain(kind)
        many = range(self._chosen.randrange(MANY))
        match kind:
            case {"type": "record"}:
                made: Any = {field["name"]: self.value(field["type"]) for field in kind["fields"]}
            case {"type": "enum"}:
                made = self._chosen.choice(kind["symbols"])
            case {"type": "array"}:
                made = [self.value(kind["items"]) for _ in many]
            case {"type": "map"}:
                made = {self._text(): self.value(kind["values"]) for _ in many}
            case {"logicalType": logical}:
                made = self._number(
                    *(self._moments if logical == "timestamp-millis" else self._days)
                )
            case _:
                made = self._plain(kind["type"])
        return made

    def _plain(self, kind: str) -> Any:
        makers: dict[str, Callable[[], Any]] = {
            "null": lambda: None,
            "boolean": lambda: self._chosen.random() < 0.5,
            "int": lambda: self._number(*INTS),
            "long": lambda: self._number(*LONGS),
            "float": lambda: self._number(-1_000, 1_000) / 8,
            "double": lambda: self._number(-1_000, 1_000) / 8,
            "string": self._text,
            "bytes": lambda: self._text().encode(),
        }
        return makers[kind]()

    def _number(self, least: int, most: int) -> int:
        """Of every size between."""
        size = self._chosen.randrange(1, most.bit_length() + 1)
        return max(
            least, min(most, self._chosen.randrange(1 << size) * self._chosen.choice((1, -1)))
        )

    def _text(self) -> str:
        length = self._chosen.choice((0, 1, 5, 36, 63, 64, 200, 1_100))
        return "".join(self._chosen.choice("aà 0-ữ𝄞") for _ in range(length))
