"""Uploaded tables: rows are read, or refused by their line.

Good rows around a spoilt one come out as they went in.
"""

import csv
import io
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.http.problems import Problem
from api.http.tables import HEADINGS, Row, rows_of
from tests.fuzzing import fuzzed

TYPES = st.sampled_from(
    [
        "text/csv",
        "text/csv; charset=utf-8",
        "text/tab-separated-values",
        "application/x-ndjson",
        "application/jsonl",
    ]
)
SIGNS = [
    *(bytes([sign]) for sign in b'",;\t|\n\r\0{}['),
    b"\r\n",
    b'{"a":1}\n',
    b"\xef\xbb\xbf",
    b"\xff\xfe",
    b"\xfe\xff",
]
WORDS = [
    b"full_name",
    "Họ và tên".encode(),
    "Số CCCD".encode("utf-16"),
    b"\xff",
    b"\xc3",
    b"null",
    b'"\\ud800"',
    b"1e999",
]
TABLES = st.binary(max_size=300) | st.lists(
    st.sampled_from([*SIGNS, *WORDS]) | st.binary(max_size=4), max_size=60
).map(b"".join)
CELLS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
ROWS = st.lists(st.tuples(CELLS, CELLS, CELLS), max_size=6)


def read(content_type: str, body: bytes) -> list[Row]:
    return list(rows_of(content_type, io.BytesIO(body)))


@fuzzed
@given(TABLES, TYPES)
def test_a_table_is_read_row_by_row_or_refused_as_a_problem(body: bytes, content_type: str) -> None:
    try:
        rows = read(content_type, body)
    except Problem as refused:
        assert 400 <= refused.status < 500
        return
    assert all((row.values is None) == (row.fault is not None) for row in rows)
    assert [row.line for row in rows] == sorted({row.line for row in rows})


@fuzzed
@given(
    ROWS, st.sampled_from([";", "\t", ",", "|"]), st.sampled_from(["utf-8", "utf-8-sig", "utf-16"])
)
def test_what_an_office_exports_comes_out_as_it_went_in(
    rows: list[tuple[str, ...]], separator: str, encoding: str
) -> None:
    written = io.StringIO()
    table = csv.writer(written, delimiter=separator)
    table.writerow(["Họ và tên", "Số CCCD", "Ngày sinh"])
    table.writerows(rows)
    expected = [
        dict(zip(("full_name", "document_number", "birth_date"), map(str.strip, row), strict=True))
        for row in rows
    ]
    values = [row.values for row in read("text/csv", written.getvalue().encode(encoding))]
    assert values == [filled for filled in map(filled_cells, expected) if filled]


def filled_cells(row: dict[str, str]) -> dict[str, str]:
    return {name: cell for name, cell in row.items() if cell}


@fuzzed
@given(
    st.lists(
        st.dictionaries(st.sampled_from(sorted(HEADINGS.values())), CELLS, max_size=4), max_size=5
    ),
    st.binary(max_size=20),
)
def test_a_spoilt_line_spoils_no_other(rows: list[dict[str, Any]], spoilt: bytes) -> None:
    bad = b"{]" + spoilt.replace(b"\n", b"")
    lines = list[bytes]()
    for row in rows:
        lines += [orjson.dumps(row), bad]
    read_rows = read("application/x-ndjson", b"\n".join(lines))
    assert [row.line for row in read_rows] == list(range(1, len(lines) + 1))
    assert [row.values for row in read_rows[::2]] == rows
    assert all(row.fault for row in read_rows[1::2])


@pytest.mark.parametrize(
    "content_type", ["", "application/json", "text/html; charset=utf-8", "text/csvx"]
)
def test_a_type_that_is_no_table_is_refused(content_type: str) -> None:
    with pytest.raises(Problem) as refused:
        read(content_type, b"full_name\n")
    assert refused.value.status == 415
