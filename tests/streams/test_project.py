"""Every event that is kept becomes a row that fits its table."""

import re
from pathlib import Path

import msgspec
import pytest
from msgspec.structs import replace

from infra.tools.docs import GOLDEN_SCHEMA
from schemas.contract.codec import EVENT_TYPES
from schemas.contract.events import Event, ScanIdentified
from schemas.contract.topics import FLAGS, JOURNAL, TOPICS, VERDICTS
from streams.project import COLUMNS, TABLES, Project
from streams.rows import Rows
from streams.stage import Received

EXAMPLES = Path(__file__).parents[2] / "schemas" / "contract" / "examples"
KEPT = [
    path
    for path in sorted(EXAMPLES.glob("*/1/*.json"))
    if EVENT_TYPES[path.name.split(".")[0]] in TABLES
]


def columns_of(table: str) -> set[str]:
    created = re.search(
        rf"CREATE TABLE {table}\n\((.*?)\n\)", GOLDEN_SCHEMA.read_text(encoding="utf-8"), re.DOTALL
    )
    assert created is not None, f"there is no table {table}"
    return set(re.findall(r"^    `(\w+)`", created[1], re.MULTILINE))


@pytest.mark.parametrize("path", KEPT, ids=lambda path: path.name)
def test_every_example_becomes_a_whole_row_of_each_of_its_tables(path: Path) -> None:
    event: Event = msgspec.json.decode(path.read_bytes(), type=EVENT_TYPES[path.name.split(".")[0]])
    rows = Rows()
    Project().fold([Received(event, 0, 7)], rows)
    widths = {table: list(map(len, written)) for table, written in rows.by_table.items()}
    assert widths == {table.name: [len(table.columns)] for table in TABLES[type(event)]}


@pytest.mark.parametrize("table", sorted(COLUMNS))
def test_every_projected_column_is_in_the_golden_schema(table: str) -> None:
    assert set(COLUMNS[table]) == columns_of(table)


def test_every_table_keeps_one_row_of_a_key_so_that_rows_of_another_cut_count_once() -> None:
    """ADR 21 rests on it: a table that adds up, or keeps every row, would count them twice."""
    schema = GOLDEN_SCHEMA.read_text(encoding="utf-8")
    filled = {
        *COLUMNS,
        "positions",
        *re.findall(r"^CREATE MATERIALIZED VIEW \w+ TO (\w+)", schema, re.M),
    }
    engines = dict(re.findall(r"^CREATE TABLE (\w+)\n.*?^ENGINE = (\w+)", schema, re.M | re.S))
    assert {engines[table] for table in filled} == {"ReplacingMergeTree"}


def test_events_of_one_table_fill_the_same_columns() -> None:
    for tables in TABLES.values():
        for table in tables:
            assert table.columns == COLUMNS[table.name]


def test_every_event_of_the_stages_inputs_is_kept() -> None:
    read: set[str] = set()
    for topic in TOPICS:
        if topic in Project().inputs:
            read.update(topic.events)
    assert read == {event.__name__ for event in TABLES}


def test_a_replay_of_some_tables_reads_only_their_topics_and_fills_only_them() -> None:
    path = EXAMPLES / "journal" / "1" / "ScanIdentified.ordinary.json"
    event, rows = msgspec.json.decode(path.read_bytes(), type=ScanIdentified), Rows()
    of_scans, of_flags = Project(["scans"]), Project(["flags", "verdicts"])
    of_scans.fold([Received(event, 0, 7)], rows)
    of_flags.fold([Received(event, 0, 7)], rows)
    assert {table: len(made) for table, made in rows.by_table.items()} == {"scans": 1}
    assert (of_scans.inputs, of_flags.inputs) == ((JOURNAL,), (FLAGS, VERDICTS))


@pytest.mark.parametrize("withdrawn", [True, False])
def test_withdrawn_entry_becomes_a_row_that_deletes(withdrawn: bool) -> None:
    path = EXAMPLES / "journal" / "1" / "ScanIdentified.ordinary.json"
    event = msgspec.json.decode(path.read_bytes(), type=ScanIdentified)
    rows = Rows()
    Project().fold([Received(replace(event, withdrawn=withdrawn), 0, 1)], rows)
    assert rows.by_table["scans"][0][COLUMNS["scans"].index("is_deleted")] is withdrawn
