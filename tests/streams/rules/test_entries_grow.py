"""Stored entries stay readable: they are arrays, so a new field comes last and has a default."""

import json
from pathlib import Path

import msgspec
import pytest

from streams.rules import entries

SHIPPED: dict[str, list[str]] = json.loads(
    Path(__file__).with_name("entry_fields.json").read_text(encoding="utf-8")
)
"""The fields of each kind of entry, in order, as states in the field hold them."""


def misplaced(kind: type[msgspec.Struct], shipped: list[str]) -> list[str]:
    """Returns the fields that stored values would be read into wrongly, or not at all."""
    fields = msgspec.structs.fields(kind)
    moved = [field.name for field, name in zip(fields, shipped, strict=False) if field.name != name]
    new_and_required = [field.name for field in fields[len(shipped) :] if field.required]
    return moved + new_and_required + shipped[len(fields) :]


@pytest.mark.parametrize("kind", SHIPPED)
def test_fields_of_an_entry_are_added_at_the_end_with_a_default(kind: str) -> None:
    assert misplaced(getattr(entries, kind), SHIPPED[kind]) == []


def test_the_guard_of_fields_bites() -> None:
    class Grown(msgspec.Struct, array_like=True):
        first: str
        between: str
        last: str

    assert misplaced(Grown, ["first", "last"]) == ["between", "last"]
    assert misplaced(Grown, ["first", "between", "last", "gone"]) == ["gone"]
