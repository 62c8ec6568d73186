"""Numbers, serials and birth dates at their edges."""

import re
import unicodedata
from datetime import date
from typing import get_args

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from schemas.contract.errors import UnreadableDocument
from schemas.contract.terms import DocumentKindSymbol
from schemas.domain.documents import (
    Document,
    DocumentKind,
    cccd_facts,
    contradictions,
    paper_serial,
    parse_birth_date,
    parse_document,
)
from schemas.domain.documents.cccd import provinces
from schemas.domain.places import units


def test_kinds_of_documents_are_those_that_events_name() -> None:
    assert [kind.value for kind in DocumentKind] == list(get_args(DocumentKindSymbol))


def test_cccd_number_says_province_sex_and_birth_year() -> None:
    facts = cccd_facts("087084000999")
    assert (facts.province_name, facts.sex, facts.birth_year) == ("Đồng Tháp", "male", 1984)
    assert cccd_facts("051305000001").birth_year == 2005


def test_each_province_has_the_code_and_name_of_its_administrative_unit() -> None:
    provinces_of_2021 = [unit for unit in units().values() if unit.level == "province"]
    named = {f"0{province.code}": province.name for province in provinces_of_2021}
    assert provinces().keys() == named.keys()
    assert [
        (name, named[code])
        for code, name in provinces().items()
        if not _letters(named[code]).endswith(_letters(name))
    ] == []


def _letters(name: str) -> str:
    """Without marks: the tone of Hòa Bình is put on either vowel."""
    return "".join(filter(str.isalpha, unicodedata.normalize("NFD", name))).casefold()


def test_contradictions_are_named_and_an_unknown_province_is_flagged_not_refused() -> None:
    assert contradictions("051190000123", "male", "1971-01-01") == ("sex", "birth_year")
    assert contradictions("003190000123", "female", "1990") == ("unknown_province",)


def test_twelve_digits_given_as_cmnd_are_read_as_cccd() -> None:
    assert parse_document(DocumentKind.CMND, "051190000123").kind is DocumentKind.CCCD


@pytest.mark.parametrize(
    ("kind", "text", "sentence"),
    [
        (None, "12345678901", "11 digits: a CCCD has 12, a CMND has 9"),
        (None, "  ", "the number is empty"),
        (None, "٠٥١١٩٠٠٠٠١٢٣", "not the number of a CCCD"),
        (None, "DN479592123456", "not the number of a CCCD"),
        (DocumentKind.CCCD, "212345678", "9 digits: a CCCD has 12"),
        (
            DocumentKind.BHYT,
            "DN47959212345",
            "a BHYT number has 2 letters and 13 digits, or 10 digits",
        ),
        (DocumentKind.PASSPORT, "12", "a PASSPORT number has"),
        (DocumentKind.PAPER_FORM, "PF2100", "a paper form's serial is PF and 11 digits"),
    ],
)
def test_unreadable_number_is_told_what_is_wrong_with_it(
    kind: DocumentKind | None, text: str, sentence: str
) -> None:
    with pytest.raises(UnreadableDocument, match=sentence):
        parse_document(kind, text)


@pytest.mark.parametrize(
    ("text", "document"),
    [
        ("dn 4 79 5921234567", Document(DocumentKind.BHYT, "DN4795921234567")),
        ("5921234567", Document(DocumentKind.BHYT, "5921234567")),
        ("C.1234567", Document(DocumentKind.PASSPORT, "C1234567")),
        ("051 190 000 123", Document(DocumentKind.CCCD, "051190000123")),
    ],
)
def test_kind_of_a_typed_number_is_recognised(text: str, document: Document) -> None:
    assert parse_document(None, text) == document


@given(st.one_of(st.text(), st.from_regex(r"\A[A-Za-z]{0,2}[\d \-.]{6,20}\Z")))
def test_whatever_is_read_is_canonical_and_reads_as_itself(text: str) -> None:
    try:
        document = parse_document(None, text)
    except UnreadableDocument:
        return
    assert re.fullmatch("[A-Z0-9]+", document.number)
    assert (
        parse_document(None, document.number)
        == parse_document(document.kind, document.number)
        == document
    )


@given(st.one_of(st.text(), st.from_regex(r"\A(\d{1,2}[/.\- ]?){0,2}\d{4}\Z")))
def test_whatever_birth_date_is_read_is_iso_and_reads_as_itself(text: str) -> None:
    try:
        born = parse_birth_date(text)
    except UnreadableDocument:
        return
    assert re.fullmatch("[12][0-9]{3}(-[01][0-9](-[0-3][0-9])?)?", born)
    assert parse_birth_date(born) == born


@given(
    st.dates(date(1890, 1, 1), date(2021, 9, 15)),
    st.sampled_from(["%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%d%m%Y", "%Y-%m-%d"]),
)
def test_every_date_is_read_back_from_every_form(born: date, form: str) -> None:
    assert parse_birth_date(born.strftime(form)) == born.isoformat()


@given(st.integers(2000, 2099), st.integers(0, 9_999_999))
def test_every_serial_issued_is_read_however_it_is_spaced(year: int, sequence: int) -> None:
    serial = paper_serial(year, sequence)
    spaced = f"{serial[:2]}-{serial[2:4]} {serial[4:]}".lower()
    assert parse_document(None, spaced) == Document(DocumentKind.PAPER_FORM, serial)


@given(st.integers(2000, 2099), st.integers(0, 9_999_999), st.integers(2, 11))
def test_two_neighbouring_digits_swapped_in_a_serial_are_always_caught(
    year: int, sequence: int, place: int
) -> None:
    serial = paper_serial(year, sequence)
    assume(serial[place] != serial[place + 1])
    swapped = serial[:place] + serial[place + 1] + serial[place] + serial[place + 2 :]
    with pytest.raises(UnreadableDocument):
        parse_document(DocumentKind.PAPER_FORM, swapped)


@pytest.mark.parametrize("sequence", [-1, 10_000_000])
def test_serial_beyond_the_years_supply_is_not_issued(sequence: int) -> None:
    with pytest.raises(ValueError, match="there is no"):
        paper_serial(2021, sequence)


@given(st.integers(2000, 2099), st.integers(0, 9_999_999), st.integers(2, 12), st.integers(1, 9))
def test_one_mistyped_digit_of_a_serial_is_always_caught(
    year: int, sequence: int, place: int, shift: int
) -> None:
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
        ("00/00/1990", "1990"),
        ("00001990", "1990"),
        ("00/02/1990", "1990-02"),
        ("1990-00-00", "1990"),
        ("１７/０２/１９９０", "1990-02-17"),
        ("29/02/1992", "1992-02-29"),
    ],
)
def test_birth_dates_are_read_in_every_usual_form(text: str, iso: str) -> None:
    assert parse_birth_date(text) == iso


@pytest.mark.parametrize(
    "text",
    [
        "31/02/1990",
        "1700",
        "",
        "ngày 1",
        "16/09/2021",
        "05/00/1990",
        "29/02/1990",
        "0000",
        "١٩٩٠",
        "12/13/1990",
    ],
)
def test_impossible_birth_dates_are_refused(text: str) -> None:
    with pytest.raises(UnreadableDocument):
        parse_birth_date(text, today=date(2021, 9, 15))
