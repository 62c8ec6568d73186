"""Bytes of topics: whatever stands in a frame, the codec raises its own errors only.

So does the reader of dead letters.
"""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infra.tools.letters.reading import event_of, read
from schemas.contract.codec import EVENT_TYPES, FRAME, Codec, schema
from schemas.contract.errors import Poison
from tests.fuzzing import fuzzed
from tests.streams.fakes import SchemaFiles
from tests.streams.people import citizen, declaration

IDS = SchemaFiles()
GOOD = [Codec(IDS).encode(event) for event in (citizen("051190000123"), declaration("one"))]
FRAMED = st.builds(
    lambda schema_id, body: FRAME.pack(0, schema_id) + body,
    st.integers(0, len(EVENT_TYPES) + 1),
    st.binary(max_size=300),
)
DAMAGED = st.builds(
    lambda good, at, put, cut: good[:at] + put + good[at + cut :],
    st.sampled_from(GOOD),
    st.integers(5, 120),
    st.binary(max_size=12),
    st.integers(0, 12),
)
RECORDS = st.binary(max_size=40) | FRAMED | DAMAGED
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4)
    ),
    max_leaves=12,
)


class OneSchema:
    """A registry in which this schema was registered under an event of ours."""

    def __init__(self, written: dict[str, Any]) -> None:
        self.written = written

    def id_of(self, event_name: str) -> int:
        return 1

    def schema_of(self, schema_id: int) -> dict[str, Any] | None:
        return self.written


@fuzzed
@given(RECORDS)
def test_a_record_is_an_event_that_encodes_again_or_poison(value: bytes) -> None:
    codec = Codec(IDS)
    try:
        event = codec.decode(value)
    except Poison:
        return
    assert codec.decode(codec.encode(event)) == event


@fuzzed
@given(RECORDS)
def test_a_dead_letter_can_be_shown_whatever_it_holds(value: bytes) -> None:
    reading = read(value, IDS)
    assert reading.trouble or reading.event


@fuzzed
@given(
    st.fixed_dictionaries(
        {},
        optional={"event": st.sampled_from([*EVENT_TYPES, "", "Nothing"]) | JSON, "fields": JSON},
    )
)
def test_a_mended_letter_is_an_event_or_says_the_field_at_fault(letter: dict[str, Any]) -> None:
    try:
        event_of(letter)
    except ValueError as fault:
        assert str(fault)


@pytest.mark.parametrize(
    "kind",
    [
        "string",
        "int",
        "null",
        "bytes",
        {"type": "array", "items": "null"},
        {"type": "map", "values": "long"},
    ],
)
@pytest.mark.parametrize("name", ["event_id", "departure_at", "symptoms"])
def test_a_schema_of_ours_with_a_field_of_another_type_is_poison(name: str, kind: Any) -> None:
    fields = [
        field | {"type": kind} if field["name"] == name else field
        for field in schema("DeclarationSubmitted")["fields"]
    ]
    codec = Codec(OneSchema(schema("DeclarationSubmitted") | {"fields": fields}))
    for body in (b"", b"\x00" * 200, b"\x02" * 200, GOOD[1][5:]):
        try:
            codec.decode(FRAME.pack(0, 1) + body)
        except Poison:
            continue


@pytest.mark.parametrize(
    "written",
    [
        {
            "type": "record",
            "name": "DeclarationSubmitted",
            "fields": [{"name": "event_id", "type": "nowhere.Known"}],
        },
        {"type": "record", "name": "DeclarationSubmitted"},
        {"type": "enum", "name": "DeclarationSubmitted", "symbols": ["a"]},
        {"name": "DeclarationSubmitted"},
        {
            "type": "record",
            "name": "DeclarationSubmitted",
            "fields": [{"name": "next", "type": "DeclarationSubmitted"}],
        },
    ],
    ids=["unknown type", "no fields", "enum", "no type", "endless"],
)
def test_a_schema_that_cannot_be_read_is_poison_and_its_letter_can_be_shown(
    written: dict[str, Any],
) -> None:
    value = FRAME.pack(0, 1) + b"\x00" * 50
    with pytest.raises(Poison):
        Codec(OneSchema(written)).decode(value)
    assert read(value, OneSchema(written)).trouble
