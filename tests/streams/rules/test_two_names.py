"""`two_names` at its edges: which names are two, and which documents are one."""

import pytest

from tests.streams.memory_path import MemoryPath
from tests.streams.people import HOA_CMND, citizen, declaration, scan


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
