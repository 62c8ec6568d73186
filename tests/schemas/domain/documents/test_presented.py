"""Whatever is held up at a checkpoint is recognised."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.domain.documents import (
    BhytQr,
    CardQr,
    Document,
    DocumentKind,
    HealthCertificate,
    OurToken,
    PaperSerial,
    TypedNumber,
    Unrecognised,
    classify_presented,
    paper_serial,
)

CARD = "051190000123|212345678|Nguyễn Thị Hoà|17021990|Nữ|Tổ 3, Nguyễn Nghiêm, Đức Phổ|15042021"
HOA = Document(DocumentKind.CCCD, "051190000123")


def test_card_gives_both_numbers_of_its_holder() -> None:
    card = classify_presented(CARD)
    assert isinstance(card, CardQr)
    assert (card.document, card.cmnd) == (HOA, Document(DocumentKind.CMND, "212345678"))
    assert (card.full_name, card.birth_date, card.sex, card.issued_on) == (
        "Nguyễn Thị Hoà",
        "1990-02-17",
        "female",
        "2021-04-15",
    )


@pytest.mark.parametrize(
    "text",
    [
        CARD.replace("|212345678|", "||"),
        CARD.replace("|212345678|", "|"),
        "\ufeff" + CARD + "\r\n",
        CARD + "|Nguyễn Văn A|Trần Thị B|",
        unicodedata.normalize("NFD", CARD),
    ],
    ids=[
        "empty CMND slot",
        "dropped CMND slot",
        "BOM and line end",
        "fields of newer cards",
        "NFD",
    ],
)
def test_oddities_of_readers_and_cards_do_not_matter(text: str) -> None:
    card = classify_presented(text)
    assert isinstance(card, CardQr)
    assert (card.document, card.full_name) == (HOA, "Nguyễn Thị Hoà")


def test_health_insurance_card_is_told_from_a_cccd() -> None:
    name, address = "Lê Văn Tám".encode().hex(), "xã Đức Lân".encode().hex()
    text = f"DN4795921234567|{name}|01/02/1980|1|{address}|51 - 001|01/01/2021"
    card = classify_presented(text)
    assert isinstance(card, BhytQr)
    assert (card.full_name, card.birth_date, card.sex, card.address) == (
        "Lê Văn Tám",
        "1980-02-01",
        "male",
        "xã Đức Lân",
    )


def test_health_insurance_card_without_an_address_and_in_decomposed_letters_is_read() -> None:
    name = unicodedata.normalize("NFD", "Lê Văn Tám").encode().hex().upper()
    card = classify_presented(f"5921234567|{name}|1980|2|-|51 - 001|01/01/2021|-|15e8$")
    assert isinstance(card, BhytQr)
    assert (card.document.number, card.full_name, card.birth_date, card.sex, card.address) == (
        "5921234567",
        "Lê Văn Tám",
        "1980",
        "female",
        "",
    )


def test_card_of_somebody_who_knows_only_the_birth_year_is_read() -> None:
    card = classify_presented(CARD.replace("17021990", "00001990"))
    assert isinstance(card, CardQr)
    assert card.birth_date == "1990"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("212 345 678", TypedNumber(Document(DocumentKind.CMND, "212345678"))),
        ("0511-9000-0123", TypedNumber(HOA)),
        ("０５１１９０００0123", TypedNumber(HOA)),
        ("b1234567", TypedNumber(Document(DocumentKind.PASSPORT, "B1234567"))),
        (
            paper_serial(2021, 123).lower(),
            PaperSerial(Document(DocumentKind.PAPER_FORM, paper_serial(2021, 123))),
        ),
        ("DBD1:ABC", OurToken("DBD1:ABC")),
        ("HC1:6BF", HealthCertificate("HC1:6BF")),
    ],
)
def test_numbers_codes_and_serials_are_recognised(text: str, expected: object) -> None:
    assert classify_presented(text) == expected


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("", "empty"),
        ("https://example.org/qr", "web link"),
        ("BEGIN:VCARD\nFN:A", "contact card"),
        ('{"phone": 1}', "another app"),
        ("zalo.me/qr/123", "web link"),
        ("suckhoe.dancuquocgia.gov.vn", "web link"),
        ("MECARD:N:A;;", "contact card"),
        ("WIFI:S:nha;T:WPA;P:1;;", "another app"),
        ("tel:0901234567", "another app"),
        ("00020101021238570010A000000727", "payment code"),
        ("IDVNM1900001234051190000123<<8", "back of a card"),
        ("Nguyễn Văn Tám", "seems to be a name"),
        ("DN4795921234567|c3|01/02/1980|1|c3|x", "cannot be read"),
        ("DN4795921234567||01/02/1980|1||x", "its first field is no CCCD or BHYT number"),
        ("12345678901", "11 digits: a CCCD has 12"),
        ("PF21000012300", "mistyped"),
        ("051190000123|2123", "read in part"),
        ("051190000123||A|31021990|Nam|x|15042021", "no such day"),
    ],
)
def test_anything_else_is_answered_with_what_it_seems_to_be(text: str, hint: str) -> None:
    shown = classify_presented(text)
    assert isinstance(shown, Unrecognised)
    assert hint in shown.reason.en
    assert shown.reason.vi


@given(st.text())
def test_no_text_breaks_the_classifier(text: str) -> None:
    classify_presented(text)


@given(st.lists(st.text(max_size=20), min_size=2, max_size=9))
def test_no_list_of_fields_breaks_the_classifier(fields: list[str]) -> None:
    classify_presented("|".join(fields))
    classify_presented("051190000123|" + "|".join(fields))
