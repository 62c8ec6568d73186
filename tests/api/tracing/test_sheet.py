"""A trace as a workbook reads back as what it says, and computes nothing."""

import io
from datetime import datetime, timedelta
from typing import Any

import openpyxl
import pytest
from msgspec.structs import replace

from api.http import workbook
from api.tracing import sheet
from api.tracing.forward_trace import ForwardTrace
from api.tracing.sheet import as_xlsx
from tests.api.tracing.answers import AT, CASE, answer, contact, person, pseudonym, reached


def read(trace: ForwardTrace) -> Any:
    return openpyxl.load_workbook(io.BytesIO(as_xlsx(trace)))


def cells(worksheet: Any) -> list[tuple[Any, ...]]:
    return list(worksheet.iter_rows(values_only=True))


def about(trace: ForwardTrace) -> dict[str, Any]:
    return dict(cells(read(trace)["About"]))


def test_each_table_has_its_rows_beneath_headings_in_both_languages() -> None:
    workbook = read(answer(reached(2, 3)))
    assert workbook.sheetnames == ["People", "Contacts", "Milestones", "Communes", "About"]
    people, contacts, communes = (
        cells(workbook[name]) for name in ("People", "Contacts", "Communes")
    )
    assert people[0][:2] == ("Thế hệ / Generation", "Bí danh / Pseudonym")
    assert [(row[0], row[1], row[8], row[21]) for row in people[1:3]] == [
        (1, pseudonym(1), CASE, 4),
        (1, pseudonym(2), CASE, 4),
    ]
    assert [(row[0], row[1], row[2]) for row in contacts[3:]] == [
        (2, pseudonym(1), pseudonym(3)),
        (2, pseudonym(2), pseudonym(4)),
        (2, pseudonym(1), pseudonym(5)),
    ]
    assert cells(workbook["Milestones"])[1] == (
        datetime(2021, 9, 15, 15),
        datetime(2021, 9, 15, 16),
        "site:cho-0",
        "khai báo tại địa điểm / declared at the site",
        "second",
    )
    assert communes[1:] == [("21439", "Phường Nguyễn Nghiêm", "Thị xã Đức Phổ", 5)]


def test_every_evidence_contact_of_a_person_is_a_row() -> None:
    steps = [contact(CASE, "b", f"post:{n}") for n in range(4)]
    rows = cells(read(answer([replace(person("b", 1, steps[0]), contacts=steps)]))["Contacts"])
    assert [row[3] for row in rows[1:]] == ["post:0", "post:1", "post:2", "post:3"]


def test_times_are_dates_in_vietnam_and_the_heading_says_so() -> None:
    worksheet = read(answer(reached(1)))["People"]
    head, cell = worksheet["C1"], worksheet["C2"]
    assert (cell.value, cell.is_date, cell.number_format) == (
        datetime(2021, 9, 15, 15),
        True,
        "dd/mm/yyyy hh:mm:ss",
    )
    assert "UTC+7" in head.value


@pytest.mark.parametrize("sheet", ["People", "Contacts", "Milestones", "Communes"])
def test_the_heading_stays_and_filters(sheet: str) -> None:
    worksheet = read(answer(reached(3)))[sheet]
    assert worksheet.freeze_panes == "A2"
    assert worksheet.auto_filter.ref == worksheet.dimensions


@pytest.mark.parametrize(
    "place", ["=1+1", "+1", "-1", "@sum(A1)", '=HYPERLINK("http://x")', "http://x", "007"]
)
def test_a_text_stays_a_text(place: str) -> None:
    cell = read(answer(reached(1, place=place)))["People"]["J2"]
    assert (cell.value, cell.data_type, cell.hyperlink) == (place, "s", None)


def test_the_last_sheet_says_how_the_trace_came_about_and_what_it_leaves_out() -> None:
    facts = about(answer(reached(2, 3)))
    assert facts["Ca bệnh (F0), bí danh / Case (F0), pseudonym"] == CASE
    assert facts["Quy định áp dụng / Rules applied"] == "Quyết định 3638/QĐ-BYT (QD-3638)"
    assert facts["Có thể lây từ / Infectious from (UTC+7)"] == datetime(2021, 9, 12, 15)
    assert [facts[f"Số người F{n} / People in F{n}"] for n in (1, 2)] == [2, 3]
    assert [
        value
        for label, value in facts.items()
        if "left out of the trace" in label or "were not followed" in label
    ] == [471, 83]
    not_in_sheet = (
        "Tiếp xúc yếu hơn không có trong trang Contacts / Weaker contacts not in the sheet Contacts"
    )
    assert facts[not_in_sheet] == 15
    assert facts["Chưa truy tiếp trong F1 / Not followed in F1"] == 83
    assert facts[f"Không đưa vào / Left out: site:cho, 15/09/2021 15:00 (UTC+7), {CASE}"] == 471


def test_how_many_stays_are_known_is_told_and_what_none_means() -> None:
    label = "Lượt có mặt của ca bệnh được biết / Stays of the case that are known"
    assert about(answer(reached(1)))[label] == "3"
    assert "Nobody knows where the case was" in about(answer([], stays=0))[label]
    assert (
        "isolated before it could infect"
        in about(answer([], stays=0, until=AT - timedelta(days=3)))[label]
    )


def test_an_assumed_parameter_is_told_in_words_and_an_unknown_one_by_its_name() -> None:
    lines = about(answer(reached(1)))[
        "Tham số giả định, quy định không nêu / Assumed, not settled by the rules"
    ].splitlines()
    assert lines[0].endswith("/ time apart at one place that still counts")
    assert lines[1] == "of_tomorrow / of_tomorrow"


def test_who_became_known_later_is_counted_where_it_was_asked() -> None:
    label = (
        "Người chỉ biết được từ dữ liệu nhận sau đó / "
        "People known only from what was received later"
    )
    facts = about(
        answer(
            reached(1),
            known_at=AT,
            learnt_since=["x", "y"],
            withdrawn_since=["z"],
            reassigned_since={"u": ["v"]},
        )
    )
    assert facts[sheet.LEARNT_SINCE] == 2
    assert facts[sheet.WITHDRAWN_SINCE] == 1
    assert facts[sheet.REASSIGNED_SINCE] == 1
    assert label in facts
    assert label not in about(answer(reached(1)))


def test_who_became_known_later_or_is_known_as_another_is_listed() -> None:
    trace = answer(
        reached(1),
        known_at=AT,
        learnt_since=["x"],
        withdrawn_since=["z"],
        reassigned_since={"u": ["v", "w"]},
    )
    rows = cells(read(trace)["Since"])[1:]
    assert [(label, person, known_as) for label, person, known_as in rows] == [
        (sheet.LEARNT_SINCE, "x", ""),
        (sheet.WITHDRAWN_SINCE, "z", ""),
        (sheet.REASSIGNED_SINCE, "u", "v w"),
    ]


def test_a_contact_who_is_a_case_is_told_so() -> None:
    people = [replace(reached_person, own_case_ids=["5a", "5b"]) for reached_person in reached(1)]
    assert cells(read(answer(people))["People"])[1][7] == "5a 5b"


def test_rows_beyond_what_a_sheet_takes_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "MAX_ROWS", 3)
    trace = answer(reached(5))
    assert len(cells(read(trace)["People"])) == 4
    assert about(trace)["Dòng không đủ chỗ trong các trang / Rows the sheets have no room for"] == 4


def test_a_trace_that_reaches_nobody_is_a_workbook_too() -> None:
    assert len(cells(read(answer([], communes=[]))["People"])) == 1
