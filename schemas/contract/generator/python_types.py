"""Says of every field of a schema which type it has in Python, and what it is if left out."""

import json
from collections.abc import Mapping
from typing import Any

from schemas.contract import ids

PRIMITIVES: Mapping[str, str] = {
    "string": "str",
    "bytes": "bytes",
    "boolean": "bool",
    "int": "int",
    "long": "int",
    "float": "float",
    "double": "float",
}
LOGICAL: Mapping[str, str] = {"timestamp-millis": "datetime", "date": "date"}
ID_TYPES: Mapping[str, Any] = {
    "event_id": ids.EventId,
    "entry_id": ids.EventId,
    "cause_id": ids.EventId,
    "scan_id": ids.EventId,
    "issue_id": ids.EventId,
    "report_id": ids.EventId,
    "request_id": ids.EventId,
    "declaration_id": ids.DeclarationId,
    "replaces": ids.DeclarationId,
    "case_id": ids.CaseId,
    "order_id": ids.OrderId,
    "flag_id": ids.FlagId,
    "handover_id": ids.HandoverId,
    "person_id": ids.PersonId,
    "source_id": ids.PersonId,
    "document_key": ids.DocumentKey,
    "linked_key": ids.DocumentKey,
    "code_key": ids.DocumentKey,
    "paper_key": ids.DocumentKey,
    "crew_keys": ids.DocumentKey,
    "household_key": ids.HouseholdKey,
    "name_key": ids.NameKey,
    "vehicle_key": ids.VehicleKey,
    "trailer_key": ids.VehicleKey,
}
"""Texts in fields of these names are ids, each of a type of its own."""

ENUM_TYPES: Mapping[str, str] = {"DocumentKind": "DocumentKindSymbol"}
"""Enumerations whose type in `terms` has another name than in the schemas."""


def python_type(field: str, kind: Any) -> str:
    """Returns the annotation of a field."""
    match kind:
        case ["null", inner]:
            annotation = f"{python_type(field, inner)} | None"
        case {"type": "array", "items": items}:
            annotation = f"list[{python_type(field, items)}]"
        case {"type": "map", "values": values}:
            annotation = f"dict[str, {python_type(field, values)}]"
        case {"type": "enum", "name": name}:
            annotation = ENUM_TYPES.get(name, name)
        case {"type": "record", "name": name}:
            annotation = name
        case {"logicalType": logical}:
            annotation = LOGICAL[logical]
        case "string":
            annotation = ID_TYPES[field].__name__ if field in ID_TYPES else "str"
        case _:
            annotation = PRIMITIVES.get(kind) or ENUM_TYPES.get(kind, kind)
    return str(annotation)


def python_default(annotation: str, default: Any) -> str:
    """Returns what stands behind the equals sign of a field that may be left out."""
    if isinstance(default, list) and default:
        return f"msgspec.field(default_factory=lambda: {json.dumps(default)})"
    if isinstance(default, str):
        text = json.dumps(default, ensure_ascii=False)
        return f"{annotation}({text})" if hasattr(ids, annotation) else text
    if annotation == "float":
        return repr(float(default))
    return repr(default)
