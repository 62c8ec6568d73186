"""Writes the module of one record: its struct, with the texts of the schema as docstrings."""

import re
import textwrap
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from schemas.contract import ids, terms
from schemas.contract.generator.python_types import python_default, python_type

LINE_LENGTH = 100
INDENT = "    "
PACKAGE = "schemas.contract.events"
Field = Mapping[str, Any]
INNER_RECORDS: Mapping[str, str] = {
    "HeldDocument": "A document that a person of the population register holds.",
    "KnownPeriod": "A time in which an entry was known to be a person's, until a link moved it.",
}
"""Records within events have no text of their own in the schemas."""


def struct_text(record: Mapping[str, Any]) -> str:
    """Returns the module's text. Fields that may be left out stand last, as structs ask for."""
    name = record["name"]
    fields = in_order_of_struct(record["fields"])
    annotations = [python_type(field["name"], field["type"]) for field in fields]
    lines = [
        f'"""Holds the record `{name}`, which is generated from its Avro schema."""',
        "",
        *import_lines(annotations),
        "",
        "",
        f"class {name}(msgspec.Struct, frozen=True, gc=False):",
        *docstring(record.get("doc") or INNER_RECORDS[name]),
        "",
    ]
    for field, annotation in zip(fields, annotations, strict=True):
        lines += field_lines(field, annotation)
    return "\n".join([*lines, ""])


def file_name(record: str) -> str:
    """Returns the file of a record: `ScanIdentified` stands in `scan_identified.py`."""
    return f"{module_name(record)}.py"


def module_name(record: str) -> str:
    """Returns the name of a record in lower case, its words joined by underscores."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", record).lower()


def in_order_of_struct(fields: Sequence[Field]) -> list[Field]:
    required = [field for field in fields if "default" not in field]
    optional = [field for field in fields if "default" in field]
    return required + optional


def field_lines(field: Field, annotation: str) -> Iterator[str]:
    """Yields a field's annotation, its default and its text."""
    if "default" in field:
        default = python_default(annotation, field["default"])
        yield f"{INDENT}{field['name']}: {annotation} = {default}"
    else:
        yield f"{INDENT}{field['name']}: {annotation}"
    doc = field.get("doc")
    if doc:
        yield from docstring(doc)


def docstring(text: str) -> list[str]:
    """Returns a text within the line length: its first sentence, then the rest."""
    in_one_line = f'{INDENT}"""{text}"""'
    if len(in_one_line) <= LINE_LENGTH:
        return [in_one_line]
    summary, _, rest = text.partition(". ")
    lines = wrapped(f'"""{summary}.' if rest else f'"""{summary}')
    if rest:
        lines += ["", *wrapped(rest)]
    return [*lines, f'{INDENT}"""']


def wrapped(text: str) -> list[str]:
    return textwrap.wrap(
        text,
        LINE_LENGTH,
        initial_indent=INDENT,
        subsequent_indent=INDENT,
        break_long_words=False,
        break_on_hyphens=False,
    )


def import_lines(annotations: Sequence[str]) -> Iterator[str]:
    """Yields the imports of the names in these annotations, in ruff's order."""
    words = set(re.findall(r"\w+", " ".join(annotations)))
    of_datetime = words & {"date", "datetime"}
    if of_datetime:
        yield from imported("datetime", of_datetime)
        yield ""
    yield "import msgspec"
    types = {word for word in words - {"None"} if word[0].isupper()}
    of_ids = {word for word in types if hasattr(ids, word)}
    of_terms = {word for word in types if hasattr(terms, word)}
    records = types - of_ids - of_terms
    if types:
        yield ""
    for record in sorted(records):
        yield from imported(f"{PACKAGE}.{module_name(record)}", {record})
    yield from imported("schemas.contract.ids", of_ids)
    yield from imported("schemas.contract.terms", of_terms)


def imported(module: str, names: Collection[str]) -> Iterator[str]:
    """Yields the import of these names: in one line if they fit, else a line for each."""
    if not names:
        return
    in_order = sorted(names)
    in_one_line = f"from {module} import {', '.join(in_order)}"
    if len(in_one_line) <= LINE_LENGTH:
        yield in_one_line
        return
    yield f"from {module} import ("
    for name in in_order:
        yield f"{INDENT}{name},"
    yield ")"
