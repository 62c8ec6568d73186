"""Returns the text of every module of `schemas.contract.events`, by the name of its file."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from schemas.contract.generator.package import package_text
from schemas.contract.generator.struct_module import file_name, struct_text

AVRO = Path(__file__).parents[1] / "avro"


def modules() -> dict[str, str]:
    """Returns one module for each record, and the package itself."""
    records = all_records()
    texts = {file_name(name): struct_text(record) for name, record in records.items()}
    return {"__init__.py": package_text(sorted(records))} | texts


def all_records() -> dict[str, Any]:
    """Returns every record of the schemas by its name, those within events too."""
    records: dict[str, Any] = {}
    for path in sorted(AVRO.glob("*.avsc")):
        for record in records_in(json.loads(path.read_text(encoding="utf-8"))):
            records.setdefault(record["name"], record)
    return records


def records_in(part: Any) -> Iterator[Mapping[str, Any]]:
    """Yields the records that a part of a schema declares."""
    if isinstance(part, list):
        for branch in part:
            yield from records_in(branch)
    if not isinstance(part, dict):
        return
    if part.get("type") == "record":
        yield part
    for key in ("type", "items", "values", "fields"):
        yield from records_in(part.get(key))
