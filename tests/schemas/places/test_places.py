"""Communes of 2021 by code and by name."""

import pytest

from schemas.errors import UnknownPlace
from schemas.places import find_place, is_valid_place, parents, units

PROVINCE = "51"


def test_quang_ngai_has_thirteen_districts_and_173_communes() -> None:
    districts = [one.code for one in units().values() if one.parent_code == PROVINCE]
    communes = [one for one in units().values() if one.parent_code in districts]
    assert (len(districts), len(communes)) == (13, 173)


def test_district_without_communes_is_a_place_and_others_are_not() -> None:
    assert [is_valid_place(code) for code in ("536", "498", "471", "318", "755", "522", "51", "99999")] == [True] * 5 + [False] * 3


def test_units_above_a_commune_are_its_district_and_province() -> None:
    assert parents("21025") == ("522", "51")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("21025", "21025"),
        ("Phường Nguyễn Nghiêm, Thành phố Quảng Ngãi", "21025"),
        ("P. nguyen nghiem, TP.Quảng Ngãi", "21025"),
        ("Nguyễn Nghiêm, Đức Phổ", "21439"),
        ("huyện đảo Lý Sơn".replace("đảo ", ""), "536"),
        ("Xã Bình Thanh ", "21091"),
    ],
)
def test_a_place_is_found_by_the_ways_people_write_it(text: str, code: str) -> None:
    assert find_place(text, within=PROVINCE).code == code


@pytest.mark.parametrize(("text", "suggested"), [("Phường Nguyễn Nghiêm", ["21025", "21439"]), ("Xã Bình Chươn", ["21079"])])
def test_names_of_two_places_and_misspelt_names_get_suggestions(text: str, suggested: list[str]) -> None:
    with pytest.raises(UnknownPlace) as unknown:
        find_place(text, within=PROVINCE)
    assert unknown.value.suggestions
    if len(suggested) == 2:
        assert [suggestion[:5] for suggestion in unknown.value.suggestions] == suggested


def test_a_word_that_is_no_place_gets_none() -> None:
    with pytest.raises(UnknownPlace, match=r"'Xyzzy'$"):
        find_place("Xyzzy", within=PROVINCE)
