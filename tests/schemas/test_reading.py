"""The readers of our schemas against fastavro, which is the oracle of both forms."""

import io
import random
from collections.abc import Callable
from typing import Any

import fastavro
import pytest

from schemas.contract import avro_form
from schemas.contract.codec import EVENT_TYPES, RECORD_TYPES, UNREADABLE, parsed_schema, schema
from tests.fuzzing import TIMES, random_of
from tests.schemas.avro_forms import FASTAVRO, compiled_only, each_form
from tests.schemas.random_records import written

REFUSED = object()
DAMAGES = 10 if TIMES == 1 else 25 * TIMES
LAX = (
    "a number of more than 64 bits",
    "no symbol of the enumeration",
    "no type of the union",
)
"""The compiled form refuses these in damaged records; fastavro drops bits, or counts backwards."""


def by_fastavro(name: str, data: bytes) -> Any:
    return fastavro.schemaless_reader(io.BytesIO(data), parsed_schema(name), None)


def outcome(read: Callable[..., Any], *given: Any) -> Any:
    try:
        return read(*given)
    except UNREADABLE:
        return REFUSED


def damaged(numbers: random.Random, body: bytes) -> bytes:
    at, cut = numbers.randrange(len(body) + 1), numbers.randrange(4)
    return body[:at] + numbers.randbytes(numbers.randrange(4)) + body[at + cut :]


@each_form
@pytest.mark.parametrize("name", EVENT_TYPES)
def test_random_records_of_every_event_are_read_as_fastavro_reads_them(
    form: Any, name: str
) -> None:
    read = form.record_reader(schema(name), {})
    for body in (*written(name), *written(name, wild=True)):
        assert outcome(read, body, 0) == outcome(by_fastavro, name, body)


@each_form
@pytest.mark.parametrize("name", EVENT_TYPES)
def test_damaged_records_are_refused_or_read_as_fastavro_reads_them(form: Any, name: str) -> None:
    read, numbers = form.record_reader(schema(name), {}), random_of(name)
    for body in written(name):
        for _ in range(DAMAGES):
            broken = damaged(numbers, body)
            result = outcome(read, broken, 0)
            assert result is REFUSED or result == outcome(by_fastavro, name, broken)


@compiled_only
@pytest.mark.parametrize("name", EVENT_TYPES)
def test_both_forms_refuse_the_same_but_for_what_fastavro_never_notices(name: str) -> None:
    by_fastavro_form = FASTAVRO.record_reader(schema(name), {})
    compiled, numbers = avro_form.record_reader(schema(name), {}), random_of(name)
    for body in written(name):
        for _ in range(DAMAGES):
            broken = damaged(numbers, body)
            result = outcome(compiled, broken, 0)
            assert result == outcome(by_fastavro_form, broken, 0) or (
                refusal(compiled, broken) in LAX
            )


def refusal(read: Callable[..., Any], data: bytes) -> str:
    with pytest.raises(UNREADABLE) as refused:
        read(data, 0)
    return str(refused.value)


@compiled_only
@pytest.mark.parametrize("name", EVENT_TYPES)
def test_both_forms_read_the_same_events_with_the_same_types(name: str) -> None:
    by_fastavro_form = FASTAVRO.record_reader(schema(name), RECORD_TYPES)
    compiled = avro_form.record_reader(schema(name), RECORD_TYPES)
    for body in written(name):
        event, other = compiled(body, 0), by_fastavro_form(body, 0)
        assert event == other
        assert repr(event) == repr(other)


@each_form
@pytest.mark.parametrize("name", ["CheckpointScanned", "CitizenRecorded", "ScanIdentified"])
def test_a_record_cut_anywhere_is_refused(form: Any, name: str) -> None:
    read = form.record_reader(schema(name), {})
    for body in written(name)[:10]:
        for length in range(len(body)):
            assert outcome(read, body[:length], 0) is REFUSED


NUMBER = {"type": "record", "name": "One", "fields": [{"name": "number", "type": "long"}]}


@each_form
def test_the_greatest_number_of_64_bits_is_read(form: Any) -> None:
    read = form.record_reader(NUMBER, {})
    assert read(b"\xfe" + b"\xff" * 8 + b"\x01", 0) == {"number": (1 << 63) - 1}


@compiled_only
def test_a_number_of_more_than_64_bits_is_refused_however_long_it_is() -> None:
    with pytest.raises(ValueError, match="64 bits"):
        avro_form.record_reader(NUMBER, {})(b"\xff" * 5_000_000, 0)


@each_form
def test_a_record_is_read_from_where_it_begins(form: Any) -> None:
    read = form.record_reader(
        {
            "type": "record",
            "name": "One",
            "fields": [{"name": "value", "type": ["null", "string"]}],
        },
        {},
    )
    assert read(b"frame\x02\x06abc", 5) == {"value": "abc"}
