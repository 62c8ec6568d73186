"""Communes of 2021 by code and by name."""

import unicodedata
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.contract.errors import UnknownPlace
from schemas.domain.places import find_place, is_valid_place, parents, suggest, units

PROVINCE = "51"
VALID_CODES = [code for code in units() if is_valid_place(code)]


def test_quang_ngai_has_thirteen_districts_and_173_communes() -> None:
    districts = [unit.code for unit in units().values() if unit.parent_code == PROVINCE]
    communes = [unit for unit in units().values() if unit.parent_code in districts]
    assert (len(districts), len(communes)) == (13, 173)


def test_district_without_communes_is_a_place_and_others_are_not() -> None:
    assert [
        is_valid_place(code) for code in ("536", "498", "471", "318", "755", "522", "51", "99999")
    ] == [True] * 5 + [False] * 3


def test_units_above_a_commune_are_its_district_and_province() -> None:
    assert parents("21025") == ("522", "51")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("21025", "21025"),
        ("Phường Nguyễn Nghiêm, Thành phố Quảng Ngãi", "21025"),
        ("P. nguyen nghiem, TP.Quảng Ngãi", "21025"),
        ("Nguyễn Nghiêm, Đức Phổ", "21439"),
        ("Huyện Lý Sơn", "536"),
        ("huyện đảo Lý Sơn, Quảng Ngãi", "536"),
        ("Lý Sơn", "536"),
        ("Xã Bình Thanh ", "21091"),
        ("Phường Nguyễn Nghiêm, thành phố  QUẢNG NGÃI,", "21025"),
        (unicodedata.normalize("NFD", "Nguyễn Nghiêm, TX Đức Phổ"), "21439"),
    ],
)
def test_a_place_is_found_by_the_ways_people_write_it(text: str, code: str) -> None:
    assert find_place(text, within=PROVINCE).code == code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Xã Tịnh Kỳ, Thành phố Quảng Ngãi", "21190"),
        ("tinh ky, quang ngai", "21190"),
        ("Ea H’Leo, Ea H’Leo, Đắk Lắk", "24184"),
        ("Phường Sa Pa, Thị xã Sa Pa, Lào Cai", "03001"),
        ("Phường Sa Pả, Thị xã Sa Pa, Lào Cai", "03002"),
    ],
)
def test_names_like_kinds_apostrophes_and_marks_lead_to_the_place_meant(
    text: str, code: str
) -> None:
    assert find_place(text).code == code


def test_names_of_two_places_are_both_offered() -> None:
    with pytest.raises(UnknownPlace) as unknown:
        find_place("Phường Nguyễn Nghiêm", within=PROVINCE)
    assert [suggestion[:5] for suggestion in unknown.value.suggestions] == ["21025", "21439"]


def test_text_without_any_mark_does_not_choose_between_names_that_differ_by_one() -> None:
    with pytest.raises(UnknownPlace) as unknown:
        find_place("Phuong Sa Pa, Thi xa Sa Pa, Lao Cai")
    assert [suggestion[:5] for suggestion in unknown.value.suggestions] == ["03001", "03002"]


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("Xã Bình Chươn", "21100 Xã Bình Chương, Huyện Bình Sơn, Tỉnh Quảng Ngãi"),
        ("Bnh Châu, Bình Sơn", "21112 Xã Bình Châu, Huyện Bình Sơn, Tỉnh Quảng Ngãi"),
        ("Bnh Châu, Bình Sn", "21112 Xã Bình Châu, Huyện Bình Sơn, Tỉnh Quảng Ngãi"),
        ("Ly Sonn", "536 Huyện Lý Sơn, Tỉnh Quảng Ngãi"),
        ("21100", "21100 Xã Bình Chương, Huyện Bình Sơn, Tỉnh Quảng Ngãi"),
    ],
)
def test_misspelt_names_get_what_was_meant_first(text: str, first: str) -> None:
    assert suggest(text)[0] == first


@pytest.mark.parametrize("text", ["", " , ", "99999", "510", "522", "x" * 100_000])
def test_what_resembles_no_name_gets_no_suggestion(text: str) -> None:
    assert list(suggest(text)) == []


@given(
    st.sampled_from(VALID_CODES),
    st.sampled_from(["NFC", "NFD"]),
)
def test_every_place_is_found_by_its_full_path(code: str, form: str) -> None:
    path = ", ".join(units()[above].name for above in (code, *parents(code)))
    assert find_place(unicodedata.normalize(form, path).upper()).code == code  # type: ignore[arg-type] # hypothesis gives str


@given(st.sampled_from(VALID_CODES))
def test_path_without_marks_is_never_taken_for_another_place(code: str) -> None:
    path = ", ".join(units()[above].name for above in (code, *parents(code)))
    bare = "".join(
        mark for mark in unicodedata.normalize("NFD", path) if not unicodedata.combining(mark)
    )
    try:
        assert find_place(bare).code == code
    except UnknownPlace as unknown:
        assert any(suggestion.startswith(code) for suggestion in unknown.suggestions)


@given(st.text())
def test_no_text_breaks_the_search(text: str) -> None:
    suggest(text)


def test_table_is_whole_and_clean() -> None:
    digits = {"province": 2, "district": 3, "commune": 5}
    assert Counter(unit.level for unit in units().values()) == {
        "province": 63,
        "district": 705,
        "commune": 10599,
    }
    above = {"province": 0, "district": 1, "commune": 2}
    for unit in units().values():
        assert len(unit.code) == digits[unit.level]
        assert unit.name == unicodedata.normalize("NFC", unit.name.strip())
        assert (unit.parent_code is None) == (unit.level == "province")
        assert len(parents(unit.code)) == above[unit.level]


def test_a_word_that_is_no_place_gets_none() -> None:
    with pytest.raises(UnknownPlace, match=r"'Xyzzy'$"):
        find_place("Xyzzy", within=PROVINCE)
