"""Writers made for our schemas, against fastavro, which writes by looking at the schema as it goes."""

import io
from datetime import datetime
from typing import Any

import fastavro
import msgspec
import pytest

from schemas.codec import AVRO_TYPES, EVENT_TYPES, parsed_schema, schema
from schemas.events import Event
from schemas.reading import record_reader
from schemas.writing import long_bytes, record_writer
from tests.schemas.random_records import written
from tests.streams.people import scan


def by_fastavro(event: Event) -> bytes:
    body = io.BytesIO()
    fastavro.schemaless_writer(body, parsed_schema(type(event).__name__), msgspec.to_builtins(event, builtin_types=AVRO_TYPES))
    return body.getvalue()


@pytest.mark.parametrize("name", EVENT_TYPES)
def test_random_events_of_every_kind_are_written_as_fastavro_writes_them(name: str) -> None:
    read, write = record_reader(schema(name)), record_writer(schema(name))
    for body in written(name):
        event = msgspec.convert(read(body, 0), EVENT_TYPES[name])
        assert write(event) == by_fastavro(event) == body


def test_a_time_without_a_zone_is_taken_for_local_time_as_fastavro_takes_it() -> None:
    event = scan("naive", at=datetime(2021, 9, 15, 5, 0, 0, 123_456))
    assert record_writer(schema("CheckpointScanned"))(event) == by_fastavro(event)


@pytest.mark.parametrize("number", [1 << 63, -(1 << 63) - 1])
def test_a_number_of_more_than_64_bits_is_refused(number: int) -> None:
    with pytest.raises(OverflowError, match="64 bits"):
        long_bytes(number)


@pytest.mark.parametrize("kind", [["string", "long"], ["null", "string", "long"]])
def test_a_union_that_our_schemas_do_not_know_is_refused_when_the_writer_is_made(kind: Any) -> None:
    with pytest.raises((NotImplementedError, ValueError)):
        record_writer({"type": "record", "name": "One", "fields": [{"name": "said", "type": kind}]})
