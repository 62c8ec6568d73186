"""Tables as offices export them: good rows go in, bad ones come back with line, field, reason."""

import errno
import json
from io import BytesIO
from typing import Any

import pytest

from api.http.problems import Problem
from api.http.tables import MAX_ROW_CHARACTERS, heading_of, rows_of
from tests.api.conftest import Bench

HEADINGS = ("Họ và tên", "Ngày sinh", "Giới tính", "Số CCCD", "Mã xã đi", "Mã xã đến", "Giờ đi")
GOOD = ("Lê Văn Tám", "01/02/1980", "Nam", "051080000001", "21025", "21439", "15/09/2021 09:00")
BAD = ("Lê Văn Tám", "01/13/1980", "Nam", "05108", "21025", "2143", "15/09/2021")


def table(separator: str, *rows: tuple[str, ...]) -> str:
    return "".join(separator.join(row) + "\r\n" for row in (HEADINGS, *rows))


@pytest.mark.parametrize("separator", [";", "\t", ",", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_any_separator_and_encoding_of_an_office_is_taken(
    bench: Bench, separator: str, encoding: str
) -> None:
    answer = bench.post_table(
        "/declarations/batch", table(separator, GOOD, BAD).encode(encoding)
    ).json()
    assert (answer["accepted"], answer["refused"]) == (1, 1)
    assert answer["rows"][0]["line"] == 3
    assert {fault["field"] for fault in answer["rows"][0]["errors"]} == {
        "birth_date",
        "document_number",
        "destination_code",
    }
    assert bench.broker.events[0].full_name == "Lê Văn Tám"


def test_two_columns_of_one_field_are_taken_where_one_is_empty(bench: Bench) -> None:
    """Offices have the old number and the new one side by side."""
    head, *cells = (
        "Họ và tên;Ngày sinh;Số CCCD;Số CMND;Mã xã đi;Mã xã đến;Giờ đi",
        "A;1980;051080000001;;21025;21439;15/09/2021 09:00",
    )
    cells += [
        cells[0].replace("051080000001;", ";212345678"),
        cells[0].replace("051080000001;", "051080000001;212345678"),
    ]
    answer = bench.post_table("/declarations/batch", "\n".join((head, *cells))).json()
    assert [event.document_number for event in bench.broker.events] == ["051080000001", "212345678"]
    assert [
        (row["line"], "two columns say document_number" in row["errors"][0]["reason"])
        for row in answer["rows"]
    ] == [(4, True)]


def test_forms_that_say_there_are_no_symptoms_tell_of_none(bench: Bench) -> None:
    head = ";".join((*HEADINGS, "Triệu chứng"))
    rows = (
        ";".join((*GOOD, told))
        for told in ("Không", "không có", "Không có triệu chứng", "", "sốt, đau họng")
    )
    bench.post_table("/declarations/batch", "\n".join((head, *rows)))
    assert [event.symptoms for event in bench.broker.events] == [
        [],
        [],
        [],
        [],
        ["sốt", "đau họng"],
    ]


def test_lines_are_counted_through_quoted_line_ends(bench: Bench) -> None:
    quoted = ('"Lê Văn\nTám"', *GOOD[1:])
    answer = bench.post_table("/declarations/batch", table(";", quoted, BAD)).json()
    assert [row["line"] for row in answer["rows"]] == [4]


def test_ndjson_rows_are_judged_one_by_one(bench: Bench) -> None:
    good = {
        "document_number": "051080000001",
        "full_name": "A",
        "birth_date": "1980",
        "dose_number": 1,
        "product": "X",
        "administered_on": "2021-08-01",
    }
    lines = [json.dumps(good), "{not json", json.dumps([1]), json.dumps(good | {"dose_number": 0})]
    answer = bench.post_table(
        "/vaccinations/batch", "\n".join(lines), "application/x-ndjson"
    ).json()
    assert (answer["accepted"], [row["line"] for row in answer["rows"]]) == (1, [2, 3, 4])


def test_same_row_again_is_the_same_event(bench: Bench) -> None:
    for _ in range(2):
        bench.post_table("/declarations/batch", table(";", GOOD))
    assert bench.broker.events[0].event_id == bench.broker.events[1].event_id


def test_bad_scan_of_a_batch_is_refused_by_its_field(bench: Bench) -> None:
    scans = (
        "shown;checkpoint_id;direction;scanned_at\n"
        "212345678;binh-de;vào;15/09/2021 10:00\n"
        "xyz;binh-de;in;15/09/2021 10:00\n"
        "1;nowhere;in;\n"
    )
    answer = bench.post_table("/scans/batch", scans).json()
    assert (answer["accepted"], [row["errors"][0]["field"] for row in answer["rows"]]) == (
        1,
        ["shown", "checkpoint_id"],
    )


def test_broker_that_goes_away_at_once_is_503_and_nothing_is_said_to_be_taken(bench: Bench) -> None:
    bench.broker.away = True
    assert bench.post_table("/declarations/batch", table(";", GOOD)).status_code == 503


def test_unknown_type_and_missing_headings_are_told(bench: Bench) -> None:
    assert bench.post_table("/declarations/batch", "x", "application/pdf").status_code == 415
    assert bench.post_table("/declarations/batch", "").status_code == 422
    assert bench.post_table("/declarations/batch", b"\xc3\x28\n\xff").status_code == 422


def test_unknown_heading_is_refused_by_name(bench: Bench) -> None:
    answer = bench.post_table(
        "/declarations/batch", table(";", GOOD).replace("Giờ đi", "Giờ ăn")
    ).json()
    assert {"gio_an", "departure_at"} <= {fault["field"] for fault in answer["rows"][0]["errors"]}


@pytest.mark.parametrize("heading", ["Họ và tên", "HỌ TÊN", "ho va ten", "full_name", "Full Name"])
def test_headings_are_known_in_any_writing(heading: str) -> None:
    assert heading_of(heading) == "full_name"


@pytest.mark.parametrize("content_type", ["text/csv", "application/x-ndjson"])
@pytest.mark.parametrize(
    "long",
    [
        b"x" * (3 * MAX_ROW_CHARACTERS),
        b'"' + b"x\n" * MAX_ROW_CHARACTERS,
        b"," * (2 * MAX_ROW_CHARACTERS),
        b'"' + b"x" * MAX_ROW_CHARACTERS,
    ],
)
def test_a_row_without_end_is_refused_by_its_line(content_type: str, long: bytes) -> None:
    rows = list(rows_of(content_type, BytesIO(b"full_name\n" + long)))
    assert rows[-1].fault
    assert all(row.size <= MAX_ROW_CHARACTERS for row in rows)


def test_a_line_that_is_too_long_does_not_take_the_next_one_with_it() -> None:
    rows = list(
        rows_of("application/x-ndjson", BytesIO(b"x" * (2 * MAX_ROW_CHARACTERS) + b'\n{"a": 1}\n'))
    )
    assert [(row.line, row.fault is None) for row in rows] == [(1, False), (2, True)]


def test_headings_without_end_are_told() -> None:
    with pytest.raises(Problem, match="no-headings"):
        rows_of("text/csv", BytesIO(b'"' + b"x" * 200_000))


def test_a_table_in_another_encoding_is_refused_before_any_row_is_given() -> None:
    with pytest.raises(Problem, match="unreadable-text"):
        rows_of("text/csv", BytesIO(b"full_name\n" + b"A\n" * 2_000_000 + b"\xff\n"))


def test_a_table_that_finds_no_room_on_the_doors_disk_is_503_and_takes_nothing(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("tempfile.SpooledTemporaryFile.write", full)
    answer = bench.post_table("/registry/removals/batch", "person_number\n051190000124\n")
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "2")
    assert "disk of this door is full" in answer.json()["detail"]
    assert bench.broker.events == []
