"""What numbers, names and residences say about each other, at the edges of each rule."""

from typing import Any

import pytest

from schemas.domain.documents import Document, DocumentKind
from tests.streams.memory_path import MemoryPath
from tests.streams.people import CITY, COAST, HOA_CCCD, HOA_CMND, citizen, declaration, scan

MAN_OF_1985 = Document(DocumentKind.CCCD, "051085000777")
OF_NO_PROVINCE = Document(DocumentKind.CCCD, "003190000777")
SAME_DISTRICT = "21442"
"""As COAST, which is another commune of Đức Phổ."""


@pytest.mark.parametrize(
    ("document", "said", "expected"),
    [
        (MAN_OF_1985, {"sex": "male", "birth_date": "1985-01-01"}, []),
        (MAN_OF_1985, {"sex": "male", "birth_date": "1985"}, []),
        (MAN_OF_1985, {"sex": "unknown", "birth_date": "1985"}, []),
        (MAN_OF_1985, {"sex": "female", "birth_date": "1985"}, [("number_of_other_sex",)]),
        (MAN_OF_1985, {"sex": "male", "birth_date": "2085"}, [("number_of_other_birth_year",)]),
        (
            MAN_OF_1985,
            {"sex": "female", "birth_date": "1986"},
            [("number_of_other_sex", "number_of_other_birth_year")],
        ),
        (OF_NO_PROVINCE, {}, [("number_of_no_province",)]),
        (HOA_CMND, {"sex": "male", "birth_date": "1971"}, []),
    ],
)
def test_digits_are_held_against_what_is_said_of_a_number_nobody_knows(
    document: Document, said: dict[str, Any], expected: list[tuple[str, ...]]
) -> None:
    path = MemoryPath()
    path.feed([declaration("a", document, **said)])
    assert path.reasons("number_contradiction") == expected


def test_the_register_outranks_the_digits() -> None:
    path = MemoryPath()
    path.record([citizen(MAN_OF_1985.number)])
    path.feed([declaration("a", MAN_OF_1985)])
    assert path.reasons("number_contradiction") != []
    path.feed_links()
    assert path.rules_found() == set()


@pytest.mark.parametrize(
    ("other", "found"),
    [
        ("NGUYEN THI HOA", False),
        ("Nguyễn Hòa", False),
        ("Nguyễn Thị Thu Hoà", False),
        (
            "Nguyễn Thị Hoa",
            False,
        ),  # without its marks the same: told by identity_mismatch, if the register knows
        ("Nguyễn Thị Hiền", True),
        ("Trần Thị Hòa", True),
    ],
)
def test_two_names_are_two_where_family_or_given_name_differ(other: str, found: bool) -> None:
    path = MemoryPath()
    path.feed(
        [
            declaration("a"),
            scan("b", full_name=other, birth_date="1990-02-17", sex="female", shown_kind="card_qr"),
        ]
    )
    assert (path.reasons("two_names") == [("used_under_two_names",)]) is found


def test_two_documents_of_one_person_are_not_one_document_under_two_names() -> None:
    path = MemoryPath()
    path.record([citizen()])
    path.feed_links()
    path.feed([declaration("a"), declaration("b", HOA_CMND, full_name="Trần Thị Mai")])
    assert path.reasons("two_names") == []


@pytest.mark.parametrize(
    ("registered", "said", "expected"),
    [
        ({"permanent_code": COAST}, {"permanent_code": COAST}, []),
        ({"permanent_code": COAST}, {"permanent_code": SAME_DISTRICT}, []),
        ({"permanent_code": COAST}, {"permanent_code": CITY}, [("permanent_residence_different",)]),
        ({"permanent_code": COAST}, {}, []),
        ({}, {"permanent_code": CITY}, []),
        (
            {"permanent_code": COAST},
            {"lodging_code": CITY},
            [],
        ),  # registered nowhere else: may lodge anywhere
        ({"permanent_code": COAST, "temporary_code": CITY}, {"lodging_code": CITY}, []),
        (
            {"permanent_code": COAST, "temporary_code": CITY},
            {"lodging_code": COAST},
            [("temporary_residence_different",)],
        ),
        (
            {"permanent_code": COAST, "temporary_code": COAST},
            {"permanent_code": CITY, "lodging_code": CITY},
            [("permanent_residence_different", "temporary_residence_different")],
        ),
    ],
)
def test_declared_residences_are_held_against_the_registers(
    registered: dict[str, Any], said: dict[str, Any], expected: list[tuple[str, ...]]
) -> None:
    path = MemoryPath()
    path.record([citizen(HOA_CCCD.number, **registered)])
    path.feed_links()
    path.feed([declaration("a", **said)])
    assert path.reasons("residence_mismatch") == expected
