"""What makes two names one, nearly one, or two."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.matching.names import compare_names

NAMES = st.lists(
    st.sampled_from(["Nguyễn", "Thị", "Hoà", "Đặng", "Văn", "Thuý", "Quỳnh", "Mỹ", "Lê", "Khoẻ"]),
    min_size=2,
    max_size=5,
)


@pytest.mark.parametrize(
    ("declared", "registered"),
    [
        ("NGUYỄN THỊ HOÀ", "Nguyễn Thị Hòa"),
        ("Đặng  Văn\u00a0Thúy", "Đặng Văn Thuý"),
        (unicodedata.normalize("NFD", "Lê Quỳnh Như"), "Lê Quỳnh Như"),
        ("Trần Khoẻ", "trần khỏe"),
        ("\ufeffLê Văn Tám", "Lê Văn Tám "),
        ("Lê Văn Muà", "Lê Văn Mùa"),
        ("ÐẶNG VĂN A", "Đặng Văn A"),
        ("Ɖặng Văn A", "Đặng Văn A"),
        ("H’Hen Niê", "H'hen niê"),
        ("Tôn-Nữ Thị Ninh", "Tôn Nữ Thị Ninh"),
        ("Lê\u200b Văn\u2003Tám", "Lê Văn Tám"),
    ],
)
def test_typing_habits_leave_a_name_equal(declared: str, registered: str) -> None:
    assert compare_names(declared, registered) == "equal"


@pytest.mark.parametrize(
    ("declared", "registered"),
    [
        ("NGUYEN THI HOA", "Nguyễn Thị Hòa"),
        ("Dang Van A", "Đặng Văn A"),
        ("Lý Thị Mỹ", "Lí Thị Mĩ"),
        ("Nguyễn Hòa", "Nguyễn Thị Hòa"),
        ("Nguyen Hoa", "Nguyễn Thị Hòa"),
        ("NGUYEN VAN AN", "Nguyễn Văn Ân"),
        ("Nguyên Văn Tám", "Nguyễn Văn Tám"),
        ("Lê Van Hùng", "Le Văn Hùng"),
        ("Quí", "Quý"),
        ("Ly Thi Vi", "Lý Thị Vỹ"),
    ],
)
def test_missing_marks_and_a_missing_middle_name_are_near(declared: str, registered: str) -> None:
    assert compare_names(declared, registered) == "near"


@pytest.mark.parametrize(
    ("declared", "registered"),
    [
        ("Lê Văn Tám", "Nguyễn Thị Hòa"),
        ("Hòa Nguyễn Thị", "Nguyễn Thị Hòa"),
        ("Nguyễn Thị", "Nguyễn Thị Hòa"),
        ("Nguyễn Thị Hòa", "Hòa"),
        ("Nguyễn An", "Nguyễn Thị Thu An"),
        ("Trần Văn Hùng", "Trần Văn Hưng"),
        ("Trần Văn Hùng", "Trần Văn Húng"),
        ("Lê Thị Mai", "Lê Thị May"),
        ("Lê Thị Thuý", "Lê Thị Thúi"),
        ("Lê Văn Đăng", "Lê Văn Dặng"),
    ],
)
def test_another_syllable_another_mark_or_another_order_is_another_name(
    declared: str, registered: str
) -> None:
    assert compare_names(declared, registered) == "different"


@given(NAMES, st.lists(st.booleans(), min_size=40, max_size=40))
def test_marks_left_out_never_make_another_name(name: list[str], kept: list[bool]) -> None:
    whole = " ".join(name)
    keeps = iter(kept)
    fewer = "".join(
        mark
        for mark in unicodedata.normalize("NFD", whole)
        if not unicodedata.combining(mark) or next(keeps)
    )
    assert compare_names(fewer, whole) in ("equal", "near")


@given(st.text(), st.text())
def test_any_two_texts_compare_alike_from_both_sides(left: str, right: str) -> None:
    assert compare_names(left, right) == compare_names(right, left)
    assert compare_names(left, left) == "equal"


@given(NAMES, NAMES)
def test_comparison_is_the_same_from_both_sides(left: list[str], right: list[str]) -> None:
    assert compare_names(" ".join(left), " ".join(right)) == compare_names(
        " ".join(right), " ".join(left)
    )


@given(NAMES, st.sampled_from(["NFC", "NFD", "NFKC", "NFKD"]))
def test_unicode_form_never_matters(name: list[str], form: str) -> None:
    whole = " ".join(name)
    assert compare_names(unicodedata.normalize(form, whole).upper(), whole) == "equal"  # type: ignore[arg-type] # hypothesis gives str
