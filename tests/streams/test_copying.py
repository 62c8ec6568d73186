"""Events made from others by the names of their fields."""

import pytest
from msgspec import Struct

from streams.copying import maker


class Heard(Struct):
    name: str
    place: str
    number: int


class Written(Struct):
    number: int
    by: str
    place: str
    at: int


class WrittenAsText(Struct):
    number: str
    by: str


def test_fields_of_one_name_are_copied_and_the_others_given() -> None:
    make = maker(Heard, Written)
    assert make(Heard("a", "here", 1), {"by": "b", "at": 2}) == Written(1, "b", "here", 2)


def test_a_field_that_is_neither_shared_nor_given_is_missed() -> None:
    make = maker(Heard, Written)
    with pytest.raises(KeyError, match="at"):
        make(Heard("a", "here", 1), {"by": "b"})


def test_a_shared_field_of_two_types_is_refused_at_once() -> None:
    with pytest.raises(TypeError, match="number is of two types in Heard and WrittenAsText"):
        maker(Heard, WrittenAsText)
