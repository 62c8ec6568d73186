"""Numbers, serials and birth dates at their edges."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.documents import DocumentKind, cccd_facts, contradictions, paper_serial, parse_birth_date, parse_document
from schemas.errors import UnreadableDocument
from schemas.plates import normalise_plate


def test_cccd_number_says_province_sex_and_birth_year() -> None:
    facts = cccd_facts("087084000999")
    assert (facts.province_name, facts.sex, facts.birth_year) == ("Đồng Tháp", "male", 1984)
    assert cccd_facts("051305000001").birth_year == 2005


def test_contradictions_are_named_and_an_unknown_province_is_flagged_not_refused() -> None:
    assert contradictions("051190000123", "male", "1971-01-01") == ("sex", "birth_year")
    assert contradictions("003190000123", "female", "1990") == ("unknown_province",)


def test_twelve_digits_given_as_cmnd_are_read_as_cccd() -> None:
    assert parse_document(DocumentKind.CMND, "051190000123").kind is DocumentKind.CCCD


@given(st.integers(2000, 2099), st.integers(0, 9_999_999), st.integers(2, 12), st.integers(1, 9))
def test_one_mistyped_digit_of_a_serial_is_always_caught(year: int, sequence: int, place: int, shift: int) -> None:
    serial = paper_serial(year, sequence)
    wrong = serial[:place] + str((int(serial[place]) + shift) % 10) + serial[place + 1 :]
    with pytest.raises(UnreadableDocument):
        parse_document(DocumentKind.PAPER_FORM, wrong)


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("17/02/1990", "1990-02-17"),
        ("1-2-1990", "1990-02-01"),
        ("17021990", "1990-02-17"),
        ("1990-02-17", "1990-02-17"),
        ("02/1990", "1990-02"),
        (" 1990 ", "1990"),
    ],
)
def test_birth_dates_are_read_in_every_usual_form(text: str, iso: str) -> None:
    assert parse_birth_date(text) == iso


@pytest.mark.parametrize("text", ["31/02/1990", "1700", "", "ngày 1", "16/09/2021"])
def test_impossible_birth_dates_are_refused(text: str) -> None:
    with pytest.raises(UnreadableDocument):
        parse_birth_date(text, today=date(2021, 9, 15))


@pytest.mark.parametrize("text", ["76C-123.45", "76c 12345", "76 C 123 45"])
def test_spellings_of_a_plate_are_one(text: str) -> None:
    assert normalise_plate(text) == "76C12345"
