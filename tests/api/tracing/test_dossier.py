"""A dossier reads back as what the trace says, and says what it leaves out."""

import io
import re
import unicodedata

import pytest
from msgspec.structs import replace
from pypdf import PdfReader

from api.tracing import dossier
from api.tracing.dossier import as_pdf, breakable, names_of
from api.tracing.forward_trace import ForwardTrace
from tests.api.tracing.answers import (
    AT,
    CASE,
    answer,
    commune,
    contact,
    crowd,
    person,
    pseudonym,
    reached,
)


def pages(trace: ForwardTrace) -> list[str]:
    reader = PdfReader(io.BytesIO(as_pdf(trace, AT)))
    return [
        unicodedata.normalize("NFC", re.sub(r"\s+", " ", page.extract_text()))
        for page in reader.pages
    ]


def read(trace: ForwardTrace) -> str:
    return " ".join(pages(trace))


def test_a_dossier_says_whom_when_and_under_which_rules() -> None:
    first = pages(answer(reached(3, 2)))[0]
    assert "HỒ SƠ TRUY VẾT TIẾP XÚC" in first
    assert CASE in first
    assert "12/09/2021 15:00 – 19/09/2021 15:00" in first
    assert "Quyết định 3638/QĐ-BYT" in first
    assert "khoảng thời gian giữa hai lượt tại một nơi còn tính là cùng lúc" in first
    assert "of_tomorrow" in first
    assert "15/09/2021 15:00 (UTC+7)" in first
    assert "F1 3 người tiếp xúc" in first
    assert "F2 2 người tiếp xúc" in first


def test_everybody_is_in_the_table_with_their_commune_and_their_contact() -> None:
    text = read(answer(reached(60, 20)))
    assert all(pseudonym(n) in text for n in range(1, 81))
    assert "Phường Nguyễn Nghiêm" in text
    assert (
        f"F2.3 {pseudonym(63)} Phường Nguyễn Nghiêm F1.3 post:binh-de "
        "15/09/2021 15:00 15/09/2021 15:00 0,0" in text
    )


def test_nobody_met_is_told_apart_from_nobody_knows_where_the_case_was() -> None:
    assert "Stays of the case that are known 3" in pages(answer(reached(1)))[0]
    assert "Nobody knows where the case was" in pages(answer([], stays=0))[0]
    assert "19/09/2021 15:00 (UTC+7)" in pages(answer([]))[0], "until when contacts may infect"


def test_where_the_case_was_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dossier, "MAX_MILESTONES", 2)
    text = read(answer(reached(1)))
    assert (
        "15/09/2021 15:00 15/09/2021 16:00 site:cho-0 "
        "khai báo tại địa điểm declared at the site 16/09/2021 15:00" in text
    )
    assert "site:cho-2" not in text
    assert "Còn 1 lượt khác" in text
    assert "Mốc dịch tễ" not in read(answer([], stays=0, milestones=[]))


def test_each_page_has_its_number() -> None:
    texts = pages(answer(reached(60)))
    assert len(texts) > 2
    assert all(f"Trang {n} / {len(texts)}" in text for n, text in enumerate(texts, start=1))


def test_what_was_cut_off_is_told() -> None:
    text = read(answer(reached(20, 2)))
    assert "471 tiếp xúc yếu hơn" in text
    assert "83 người có trong truy vết nhưng chưa truy tiếp" in text
    assert "3 người không vẽ riêng trong sơ đồ" in text
    assert "66 tiếp xúc khác" in text
    assert "còn 3 người F1 khác" in text


def test_people_and_stays_beyond_the_bound_are_counted_where_they_are_missing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(dossier, "MAX_PEOPLE", 4)
    monkeypatch.setattr(dossier, "MAX_CROWDS", 1)
    monkeypatch.setattr(dossier, "MAX_COMMUNES", 1)
    communes = [commune(f"Xã {number}", "Huyện", code=str(number)) for number in range(3)]
    bus_station = crowd("site:ben-xe", more=5)
    text = read(answer(reached(2_030), communes=communes, more_crowds=[bus_station] * 2))
    assert pseudonym(4) in text
    assert pseudonym(5) not in text
    assert "Còn 2 026 người khác không có trong bảng này" in text
    assert "Còn 2 xã, phường khác" in text
    assert "Còn 2 lượt khác" in text


@pytest.mark.parametrize(
    "place",
    ["site:#evil[*]$x$", "site:*a* _b_ `c` <d> @e", "site:\\u{41} // /* = - +", 'site:") #panic("'],
)
def test_a_text_of_the_data_is_never_read_as_markup(place: str) -> None:
    communes = [commune(f"Xã {place}", f"Huyện {place}")]
    text = read(answer(reached(1, place=place), communes=communes))
    assert text.count(place) == 5, "the box, the table, the residence, the commune and its district"


def test_a_word_too_long_for_its_cell_is_broken_and_loses_nothing() -> None:
    long = "vehicle:" + "0123456789abcdef" * 2
    assert breakable(long).replace("\u200b", "") == long
    assert max(map(len, breakable(long).split("\u200b"))) <= dossier.BREAKABLE_EVERY
    assert long in read(answer([person("b", 1, contact(CASE, "b", long))])).replace(
        "\u200b", ""
    ).replace(" ", "")


def test_people_are_numbered_within_their_generation() -> None:
    assert list(names_of(answer(reached(2, 1))).values()) == ["F0", "F1.1", "F1.2", "F2.1"]


def test_the_time_of_knowledge_and_who_became_known_later_are_told_where_asked() -> None:
    text = read(
        answer(
            reached(1),
            known_at=AT,
            learnt_since=["x", "y"],
            withdrawn_since=["z"],
            reassigned_since={"u": ["v"]},
        )
    )
    assert "Theo dữ liệu nhận đến As known at 15/09/2021 15:00" in text
    assert "2 người chỉ biết được nhờ dữ liệu nhận sau" in text
    assert (
        "1 người mà dữ liệu nay không còn dẫn đến" in text
        and "1 người mà sau đó xác định là người khác" in text
    )


def test_a_contact_who_is_a_case_is_told_so() -> None:
    people = [replace(reached_person, own_case_ids=["5a"]) for reached_person in reached(2)]
    assert read(answer(people)).count("chính họ là ca bệnh") == 2
    assert "chính họ là ca bệnh" not in read(answer(reached(2)))


def test_a_trace_that_reaches_nobody_is_a_dossier_too() -> None:
    assert "F1 0 người tiếp xúc" in read(answer([], communes=[]))


def test_a_dossier_needs_no_font_of_the_machine() -> None:
    fonts = set(re.findall(rb"/FontName ?/[A-Z]{6}\+([A-Za-z]+)", as_pdf(answer(reached(1)), AT)))
    assert fonts == {b"LibertinusSerif", b"DejaVuSansMono"}


def test_a_household_is_told_as_home_and_without_its_key() -> None:
    text = read(answer(reached(1, place=f"household:{'e' * 32}")))
    assert text.count("tại nhà / at home") == 2 and "eeee" not in text
