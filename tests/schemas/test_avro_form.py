"""The compiled form against fastavro where they may differ.

These are the calendar, wrong values, impossible bytes and memory.
"""

import gc
import os
import shlex
import struct
import subprocess
import sysconfig
import tracemalloc
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.contract.avro_form import FORM, WHY
from schemas.contract.codec import RECORD_TYPES, UNREADABLE, schema
from schemas.contract.moments import EPOCH, MILLISECOND
from tests.schemas.avro_forms import FASTAVRO, each_form, long_bytes
from tests.schemas.random_records import written

EPOCH_ORDINAL = EPOCH.toordinal()
ZONES = (
    UTC,
    ZoneInfo("UTC"),
    timezone(timedelta(0), "Z"),
    timezone(timedelta(hours=7)),
    timezone(-timedelta(hours=11, minutes=30)),
)
DAYS = [
    *range(1, date.max.toordinal(), 97),
    date.max.toordinal(),
    *range(date(1999, 1, 1).toordinal(), date(2101, 1, 1).toordinal()),
]
"""The days are some of every year, and all of our time."""
TURNS, MAX_LEAKED_BYTES = 300, 4_096
FIRST_MS, LAST_MS = -62_135_596_800_000, 253_402_300_799_999


def record_of(kind: Any) -> dict[str, Any]:
    return {"type": "record", "name": "One", "fields": [{"name": "value", "type": kind}]}


MOMENT, ON = (
    record_of({"type": "long", "logicalType": "timestamp-millis"}),
    record_of({"type": "int", "logicalType": "date"}),
)


def compiles() -> bool:
    """Returns whether extensions of Python can be built here."""
    compiler = shlex.split(os.environ.get("CC") or sysconfig.get_config_var("CC") or "cc")
    command = [*compiler, "-fsyntax-only", "-I", sysconfig.get_path("include"), "-x", "c", "-"]
    try:
        return (
            subprocess.run(
                command, input=b"#include <Python.h>", capture_output=True, check=False
            ).returncode
            == 0
        )
    except OSError:
        return False


def test_where_there_is_a_compiler_the_compiled_form_is_used() -> None:
    assert FORM == "compiled" or not compiles(), (
        f"{WHY}: set up again with 'rm .venv/.project-*; make setup'"
    )


@each_form
@given(at=st.datetimes(datetime(1, 1, 2), datetime(9999, 12, 30), timezones=st.sampled_from(ZONES)))
def test_every_moment_is_written_alike_and_read_to_the_millisecond(form: Any, at: datetime) -> None:
    body = form.record_writer(MOMENT)(SimpleNamespace(value=at))
    assert body == FASTAVRO.record_writer(MOMENT)(SimpleNamespace(value=at))
    read = form.record_reader(MOMENT, {})(body, 0)["value"]
    assert (read, read.tzinfo) == (at.replace(microsecond=at.microsecond // 1_000 * 1_000), UTC)


@each_form
def test_every_day_of_the_calendar_is_written_alike_and_read_as_it_was(form: Any) -> None:
    write, read = form.record_writer(ON), form.record_reader(ON, {})
    written_by_fastavro = FASTAVRO.record_writer(ON)
    for day in map(date.fromordinal, DAYS):
        body = write(SimpleNamespace(value=day))
        assert body == written_by_fastavro(SimpleNamespace(value=day))
        assert read(body, 0) == {"value": day}


@each_form
@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("string", 5),
        ("string", None),
        ("string", "\ud800"),
        ("bytes", "text"),
        ("long", "5"),
        ("long", 1 << 63),
        ("long", 5.0),
        ("long", 5_000.5),
        ("long", Decimal(5)),
        ("double", "5"),
        ("float", 1e300),
        ({"type": "long", "logicalType": "timestamp-millis"}, "2021-09-15"),
        ({"type": "int", "logicalType": "date"}, "2021-09-15"),
        ({"type": "enum", "name": "Side", "symbols": ["in"]}, "out"),
        ({"type": "array", "items": "string"}, [5]),
        ({"type": "map", "values": "long"}, {"a": "b"}),
    ],
)
def test_a_value_of_a_wrong_type_is_refused(form: Any, kind: Any, value: Any) -> None:
    write = form.record_writer(record_of(kind))
    with pytest.raises(
        (TypeError, ValueError, LookupError, OverflowError, AttributeError, struct.error)
    ):
        write(SimpleNamespace(value=value))


BEYOND = [LAST_MS + 1, FIRST_MS - 1, LAST_MS * 1_000, -(1 << 63), (1 << 63) - 1]
BEYOND_DAYS = [
    date.max.toordinal() - EPOCH_ORDINAL + 1,
    date.min.toordinal() - EPOCH_ORDINAL - 1,
    1 << 31,
    -(1 << 63),
]


@each_form
@pytest.mark.parametrize(
    ("kind", "number"),
    [*((MOMENT, number) for number in BEYOND), *((ON, number) for number in BEYOND_DAYS)],
)
def test_what_no_calendar_has_is_refused(form: Any, kind: Any, number: int) -> None:
    with pytest.raises(UNREADABLE):
        form.record_reader(kind, {})(long_bytes(number), 0)


@each_form
@pytest.mark.parametrize("number", [FIRST_MS, LAST_MS])
def test_the_first_and_the_last_moment_are_read(form: Any, number: int) -> None:
    assert form.record_reader(MOMENT, {})(long_bytes(number), 0) == {
        "value": EPOCH + number * MILLISECOND
    }


@each_form
@pytest.mark.parametrize(
    ("kind", "body", "value"),
    [
        ({"type": "array", "items": "long"}, [-2, 2, 5, 6, 1, 7, 0], [5, 6, 7]),
        ({"type": "map", "values": "long"}, [-1, 2, 0, 9, 0], {"": 9}),
        ({"type": "array", "items": "long"}, [-(1 << 63), 0], None),
        ({"type": "array", "items": "long"}, [1 << 40, 5, 0], None),
        ("string", [-1], None),
        ("string", [1 << 62], None),
    ],
)
def test_blocks_are_read_with_their_size_and_lengths_that_cannot_be_are_refused(
    form: Any, kind: Any, body: list[int], value: Any
) -> None:
    read, content = form.record_reader(record_of(kind), {}), b"".join(map(long_bytes, body))
    if value is None:
        with pytest.raises(UNREADABLE):
            read(content, 0)
    else:
        assert read(content, 0) == {"value": value}


@each_form
def test_a_record_that_begins_beyond_its_bytes_is_refused(form: Any) -> None:
    with pytest.raises(UNREADABLE):
        form.record_reader(record_of("long"), {})(b"", 5)


@each_form
def test_an_enumeration_of_more_symbols_than_a_byte_tells_is_refused_when_the_reader_is_made(
    form: Any,
) -> None:
    with pytest.raises(ValueError, match="symbols"):
        form.record_reader(
            record_of(
                {"type": "enum", "name": "Many", "symbols": [f"s{number}" for number in range(65)]}
            ),
            {},
        )


def raises(errors: Any, call: Any, *given: Any) -> bool:
    """Returns whether the call ends so; `pytest.raises` takes ten times as long as it."""
    try:
        call(*given)
    except errors:
        return True
    return False


@each_form
@pytest.mark.parametrize(
    "name", ["CheckpointScanned", "DeclarationSubmitted", "PolicyAdopted", "IdentityDeclared"]
)
def test_nothing_is_kept_of_what_was_read_written_or_refused(form: Any, name: str) -> None:
    read, write, bodies = (
        form.record_reader(schema(name), RECORD_TYPES),
        form.record_writer(schema(name)),
        written(name)[:5],
    )

    def turn() -> None:
        for body in bodies:
            write(read(body, 0))
            assert raises(UNREADABLE, read, body[: len(body) // 2], 0)
            assert raises(AttributeError, write, object())

    turn()
    gc.collect()
    tracemalloc.start()
    try:
        turn()
        gc.collect()
        before, _ = tracemalloc.get_traced_memory()
        for _ in range(TURNS):
            turn()
        gc.collect()
        after, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert after - before < MAX_LEAKED_BYTES
