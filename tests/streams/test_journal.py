"""Fields are copied into the journal by name: none of those may name a person."""

from itertools import product
from typing import get_args

import pytest
from msgspec import Struct

from schemas.contract.codec import schema
from schemas.contract.events import DeclarationSubmitted, DoorEvent, JournalEntry


def personal_fields_in(source: type[Struct], target: type[Struct]) -> list[str]:
    """Returns fields that name a person in the source, and that the target has under their name."""
    return [
        field["name"]
        for field in schema(source.__name__)["fields"]
        if field.get("pii") and field["name"] in target.__struct_fields__
    ]


@pytest.mark.parametrize(
    ("event", "entry"),
    list(product(get_args(DoorEvent), get_args(JournalEntry))),
    ids=lambda kind: kind.__name__,
)
def test_no_entry_has_a_field_of_an_event_that_names_a_person(
    event: type[Struct], entry: type[Struct]
) -> None:
    assert personal_fields_in(event, entry) == []


def test_the_guard_bites() -> None:
    assert "full_name" in personal_fields_in(DeclarationSubmitted, DeclarationSubmitted)
