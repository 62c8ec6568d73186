"""A trace as a table reads back as what it says."""

import csv
import io

from msgspec.structs import replace

from api.tracing.table import as_csv
from tests.api.tracing.answers import PEOPLE


def test_whoever_is_a_case_themselves_is_told_so() -> None:
    text = as_csv([replace(PEOPLE[0], own_case_ids=["5a", "5b"])])
    assert next(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))["own_case_ids"] == "5a 5b"


def test_a_table_has_a_row_for_each_person_with_who_it_came_from() -> None:
    text = as_csv(PEOPLE)
    rows = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))
    assert text.startswith("\ufeff")
    assert [(row["generation"], row["source_id"], row["person_id"]) for row in rows] == [
        ("1", "a", "b"),
        ("2", "b", "c"),
    ]
    assert (rows[0]["place"], rows[0]["met_from"], rows[0]["contacts"]) == (
        'post:"a", b',
        "2021-09-15T15:00:00+07:00",
        "4",
    )
    assert [row["own_case_ids"] for row in rows] == ["", ""]
    assert (rows[0]["source_known_by"], rows[0]["known_by"]) == ("scan", "report")
    assert (rows[0]["source_granularity"], rows[0]["granularity"], rows[0]["uncertain_s"]) == (
        "second",
        "hour",
        "3600.0",
    )
    assert (rows[0]["source_part"], rows[0]["part"]) == ("", "post:binh-de/lane-2")
    assert rows[0]["rule"] == "apart_minutes"
