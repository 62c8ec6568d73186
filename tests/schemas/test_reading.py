"""Readers made for our schemas, against fastavro, which reads by looking at the schema as it goes."""

import io
import random
from collections.abc import Callable
from typing import Any

import fastavro
import pytest

from schemas.contract.codec import EVENT_TYPES, UNREADABLE, parsed_schema, schema
from tests.fuzzing import TIMES, random_of
from tests.schemas.avro_forms import FORMS, each_form
from tests.schemas.random_records import written

REFUSED = object()
DAMAGES = 25 * TIMES


def by_fastavro(name: str, data: bytes) -> Any:
    return fastavro.schemaless_reader(io.BytesIO(data), parsed_schema(name), None)


def outcome(read: Callable[..., Any], *given: Any) -> Any:
    try:
        return read(*given)
    except UNREADABLE:
        return REFUSED


def damaged(chosen: random.Random, body: bytes) -> bytes:
    at, cut = chosen.randrange(len(body) + 1), chosen.randrange(4)
    return body[:at] + chosen.randbytes(chosen.randrange(4)) + body[at + cut :]


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
    read, chosen = form.record_reader(schema(name), {}), random_of(name)
    for body in written(name):
        for _ in range(DAMAGES):
            broken = damaged(chosen, body)
            found = outcome(read, broken, 0)
            assert found is REFUSED or found == outcome(by_fastavro, name, broken)


@pytest.mark.parametrize("name", EVENT_TYPES)
def test_all_forms_refuse_the_same_and_read_the_same(name: str) -> None:
    readers, chosen = (
        [form.record_reader(schema(name), {}) for form in FORMS.values()],
        random_of(name),
    )
    for body in written(name):
        for _ in range(DAMAGES):
            broken = damaged(chosen, body)
            found = [outcome(read, broken, 0) for read in readers]
            assert all(one == found[0] for one in found)


@each_form
@pytest.mark.parametrize("name", ["CheckpointScanned", "CitizenRecorded", "ScanIdentified"])
def test_a_record_cut_anywhere_is_refused(form: Any, name: str) -> None:
    read = form.record_reader(schema(name), {})
    for body in written(name)[:10]:
        for length in range(len(body)):
            assert outcome(read, body[:length], 0) is REFUSED


@each_form
def test_a_number_of_more_than_64_bits_is_refused_however_long_it_is(form: Any) -> None:
    read = form.record_reader(
        {"type": "record", "name": "One", "fields": [{"name": "number", "type": "long"}]}, {}
    )
    assert read(b"\xfe" + b"\xff" * 8 + b"\x01", 0) == {"number": (1 << 63) - 1}
    with pytest.raises(ValueError, match="64 bits"):
        read(b"\xff" * 5_000_000, 0)


@each_form
def test_a_record_is_read_from_where_it_begins(form: Any) -> None:
    read = form.record_reader(
        {"type": "record", "name": "One", "fields": [{"name": "said", "type": ["null", "string"]}]},
        {},
    )
    assert read(b"frame\x02\x06abc", 5) == {"said": "abc"}
