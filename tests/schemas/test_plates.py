"""Number plates: one spelling for each, and odd ones let through."""

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.contract.errors import UnreadablePlate
from schemas.domain.plates import normalise_plate


@pytest.mark.parametrize(
    "text", ["76C-123.45", "76c 12345", "76 C 123 45", " 76C–123.45\n", "７６Ｃ12345"]
)
def test_spellings_of_a_plate_are_one(text: str) -> None:
    assert normalise_plate(text) == "76C12345"


@pytest.mark.parametrize(
    ("text", "plate"),
    [
        ("76-C1 123.45", "76C112345"),
        ("76R-012.34", "76R01234"),
        ("29LD-123.45", "29LD12345"),
        ("76MĐ1-234.56", "76MD123456"),
        ("KB-12-34", "KB1234"),
        ("80-NG-123-45", "80NG12345"),
        ("UN 1234", "UN1234"),
    ],
    ids=["motorbike", "trailer", "joint venture", "electric bike", "army", "diplomats", "foreign"],
)
def test_plates_of_every_kind_are_taken(text: str, plate: str) -> None:
    assert normalise_plate(text) == plate


@pytest.mark.parametrize(
    "text", ["", "76C", "không có", "xe máy", "----", "1" * 13, "76C-12345; 76R-01234", "٧٦C12345"]
)
def test_what_is_no_plate_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(UnreadablePlate, match=r"76C-123\.45"):
        normalise_plate(text)


@given(st.text())
def test_whatever_is_read_is_canonical_and_reads_as_itself(text: str) -> None:
    try:
        plate = normalise_plate(text)
    except UnreadablePlate:
        return
    assert re.fullmatch("[A-Z0-9]{4,12}", plate)
    assert (
        normalise_plate(plate)
        == plate
        == normalise_plate(unicodedata.normalize("NFD", plate.lower()))
    )
