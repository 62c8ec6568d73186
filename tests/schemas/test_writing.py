"""The writers of our schemas against fastavro, which is the oracle of both forms."""

import io
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import fastavro
import pytest

from schemas.contract.codec import EVENT_TYPES, RECORD_TYPES, parsed_schema, schema
from schemas.contract.events import Event
from schemas.contract.moments import EPOCH
from tests.schemas.avro_forms import each_form, long_bytes
from tests.schemas.avro_values import avro_values
from tests.schemas.random_records import written
from tests.streams.people import scan


def by_fastavro(event: Event) -> bytes:
    body = io.BytesIO()
    fastavro.schemaless_writer(body, parsed_schema(type(event).__name__), avro_values(event))
    return body.getvalue()


@each_form
@pytest.mark.parametrize("name", EVENT_TYPES)
def test_random_events_of_every_kind_are_written_as_fastavro_writes_them(
    form: Any, name: str
) -> None:
    read, write = form.record_reader(schema(name), RECORD_TYPES), form.record_writer(schema(name))
    for body in written(name):
        event = read(body, 0)
        assert write(event) == by_fastavro(event) == body


@pytest.fixture
def vietnam(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Sets a local time that is not UTC, whatever the machine's is."""
    with monkeypatch.context() as patch:
        patch.setenv("TZ", "Asia/Ho_Chi_Minh")
        time.tzset()
        yield
    time.tzset()


@each_form
@pytest.mark.usefixtures("vietnam")
def test_a_time_without_a_zone_is_taken_for_local_time_as_fastavro_takes_it(form: Any) -> None:
    event = scan("naive", at=datetime(2021, 9, 15, 5, 0, 0, 123_456))
    body = form.record_writer(schema("CheckpointScanned"))(event)
    assert body == by_fastavro(event)
    read = form.record_reader(schema("CheckpointScanned"), RECORD_TYPES)(body, 0)
    assert read.scanned_at == datetime(2021, 9, 14, 22, 0, 0, 123_000, UTC)


@each_form
@pytest.mark.parametrize("number", [1 << 63, -(1 << 63) - 1])
def test_a_number_of_more_than_64_bits_is_refused(form: Any, number: int) -> None:
    kind = {"type": "record", "name": "One", "fields": [{"name": "number", "type": "long"}]}
    with pytest.raises(OverflowError):
        form.record_writer(kind)(SimpleNamespace(number=number))


@each_form
@pytest.mark.parametrize("kind", [["string", "long"], ["null", "string", "long"]])
def test_a_union_that_our_schemas_do_not_know_is_refused_when_the_writer_is_made(
    form: Any, kind: Any
) -> None:
    with pytest.raises(ValueError, match="union"):
        form.record_writer(
            {"type": "record", "name": "One", "fields": [{"name": "value", "type": kind}]}
        )


EDGES = [
    0,
    1,
    -1,
    -(1 << 40),
    (1 << 34) - 1,
    1 << 34,
    (1 << 41) - 1,
    1 << 41,
    253_402_300_799_999,
    -62_135_596_800_000,
]


@each_form
@pytest.mark.parametrize("milliseconds", [*EDGES, 1_631_682_000_123, 2_147_483_647_999])
def test_a_moment_is_written_and_read_to_the_millisecond_from_the_first_year_to_the_last(
    form: Any, milliseconds: int
) -> None:
    kind = {
        "type": "record",
        "name": "One",
        "fields": [{"name": "at", "type": {"type": "long", "logicalType": "timestamp-millis"}}],
    }
    at = EPOCH + timedelta(milliseconds=milliseconds)
    body = form.record_writer(kind)(SimpleNamespace(at=at))
    assert body == long_bytes(milliseconds)
    assert form.record_reader(kind, {})(body, 0) == {"at": at}
