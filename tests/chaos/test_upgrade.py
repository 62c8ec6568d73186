"""The harness's newer release is tested before it is let loose on a stack."""

import pytest

from schemas.contract.avro_form import record_reader
from schemas.contract.codec import RECORD_TYPES, schema
from tests.chaos.upgrade import RENEWED, newer_schema, newer_types, newer_writer
from tests.schemas.random_records import written


@pytest.mark.parametrize("name", RENEWED)
def test_it_reads_what_it_writes_as_events_of_today(name: str) -> None:
    read, write = record_reader(newer_schema(name), newer_types()), newer_writer(newer_schema(name))
    read_today = record_reader(schema(name), RECORD_TYPES)
    for body in written(name):
        event = read_today(body, 0)
        assert read(write(event), 0) == event
