"""The modules of events are what the generator makes of the schemas."""

import copy
from pathlib import Path
from typing import Any

import pytest

from schemas.contract import events
from schemas.contract.generator import __main__ as command
from schemas.contract.generator.modules import all_records, modules, records_in
from schemas.contract.generator.package import all_unions
from schemas.contract.generator.python_types import ID_TYPES, python_default, python_type
from schemas.contract.generator.struct_module import docstring, struct_text

PACKAGE = Path(events.__file__).parent


def test_what_is_checked_in_is_what_the_generator_writes() -> None:
    checked_in = {path.name: path.read_text(encoding="utf-8") for path in PACKAGE.glob("*.py")}
    assert checked_in == modules(), "run python -m schemas.contract.generator"


def test_the_command_writes_every_module_and_removes_those_of_events_that_are_no_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "event_of_old.py").write_text("")
    monkeypatch.setattr(command, "EVENTS", tmp_path)
    command.main()
    written = {path.name: path.read_text(encoding="utf-8") for path in tmp_path.iterdir()}
    assert written == modules()


def test_the_guard_bites_on_a_new_field() -> None:
    record = copy.deepcopy(all_records()["FlagCleared"])
    record["fields"].append({"name": "added_later", "type": ["null", "string"], "default": None})
    text = struct_text(record)
    assert text != modules()["flag_cleared.py"]
    assert "    added_later: str | None = None\n" in text


def test_a_record_is_declared_alike_in_every_schema_that_names_it() -> None:
    records = all_records()
    for record in records.values():
        for inner in records_in(record):
            assert inner == records[inner["name"]]


def test_the_table_of_ids_names_fields_that_there_are() -> None:
    fields = set[str]()
    for record in all_records().values():
        fields |= {field["name"] for field in record["fields"]}
    assert set(ID_TYPES) <= fields


def test_the_unions_hold_every_event_once() -> None:
    unions = all_unions()
    assert {event.__name__ for event in events.EVENTS} == set(all_records()) - {
        "AdoptedPartition",
        "HeldDocument",
        "KnownPeriod",
    }
    assert set(unions["JudgedEntry"]) < set(unions["JournalEntry"])
    assert set(unions["TrustEvent"]) < set(unions["ReferenceEvent"])


@pytest.mark.parametrize(
    ("field", "kind", "annotation"),
    [
        ("team", "string", "str"),
        ("scan_id", "string", "EventId"),
        ("trailer_key", ["null", "string"], "VehicleKey | None"),
        ("crew_keys", {"type": "array", "items": "string"}, "list[DocumentKey]"),
        ("apart_minutes", {"type": "map", "values": "double"}, "dict[str, float]"),
        ("scanned_at", {"type": "long", "logicalType": "timestamp-millis"}, "datetime"),
        ("sex", {"type": "enum", "name": "Sex", "symbols": ["male"]}, "Sex"),
        ("linked_kind", ["null", "DocumentKind"], "DocumentKindSymbol | None"),
    ],
)
def test_a_field_has_the_type_of_its_schema_or_of_its_id(
    field: str, kind: Any, annotation: str
) -> None:
    assert python_type(field, kind) == annotation


@pytest.mark.parametrize(
    ("annotation", "default", "text"),
    [
        ("str | None", None, "None"),
        ("float", 120, "120.0"),
        ("int", 72, "72"),
        ("bool", False, "False"),
        ("list[str]", [], "[]"),
        ("Likeness", "unknown", '"unknown"'),
        ("EventId", "00", 'EventId("00")'),
        ("list[ZoneLevel]", ["red"], 'msgspec.field(default_factory=lambda: ["red"])'),
    ],
)
def test_a_default_is_written_as_python_has_it(annotation: str, default: Any, text: str) -> None:
    assert python_default(annotation, default) == text


def test_a_text_too_long_for_its_line_is_wrapped_behind_its_first_sentence() -> None:
    lines = docstring("A first sentence. " + "word " * 30)
    assert lines[:2] == ['    """A first sentence.', ""]
    assert all(len(line) <= 100 for line in lines)
    assert lines[-1] == '    """'
