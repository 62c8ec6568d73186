"""`number_contradiction` at its edges: what digits say, and when the register outranks them."""

from typing import Any

import pytest

from schemas.domain.documents import Document, DocumentKind
from tests.streams.memory_path import MemoryPath
from tests.streams.people import HOA_CMND, citizen, declaration

MAN_OF_1985 = Document(DocumentKind.CCCD, "051085000777")
OF_NO_PROVINCE = Document(DocumentKind.CCCD, "003190000777")


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
