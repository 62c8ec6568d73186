"""The compiled form against the one in Python, where both can be told apart: the whole calendar, values of a wrong type, memory."""

import gc
import shutil
import sysconfig
import tracemalloc
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.avro_form import FORM
from schemas.codec import RECORD_TYPES, UNREADABLE, schema
from tests.schemas.avro_forms import PYTHON, each_form
from tests.schemas.random_records import written

ZONES = st.sampled_from((UTC, timezone(timedelta(hours=7)), timezone(-timedelta(hours=11, minutes=30))))
DAYS = [*range(1, date.max.toordinal(), 97), *range(date(1999, 1, 1).toordinal(), date(2101, 1, 1).toordinal())]
"""Some of every year, and all of our time."""
TURNS, LEAKED_MOST_BYTES = 300, 4_096


def one(kind: Any) -> dict[str, Any]:
    return {"type": "record", "name": "One", "fields": [{"name": "said", "type": kind}]}


MOMENT, ON = one({"type": "long", "logicalType": "timestamp-millis"}), one({"type": "int", "logicalType": "date"})


def test_where_there_is_a_compiler_the_compiled_form_is_used() -> None:
    compiler = shutil.which((sysconfig.get_config_var("CC") or "cc").split()[0])
    headers = Path(sysconfig.get_path("include")) / "Python.h"
    assert ("compiled" if compiler and headers.exists() else "python") == FORM


@each_form
@given(at=st.datetimes(datetime(1, 1, 2), datetime(9999, 12, 30), timezones=ZONES))
def test_every_moment_is_written_alike_and_read_to_the_millisecond(form: Any, at: datetime) -> None:
    body = form.record_writer(MOMENT)(SimpleNamespace(said=at))
    assert body == PYTHON.record_writer(MOMENT)(SimpleNamespace(said=at))
    read = form.record_reader(MOMENT, {})(body, 0)["said"]
    assert (read, read.tzinfo) == (at.replace(microsecond=at.microsecond // 1_000 * 1_000), UTC)


@each_form
def test_every_day_of_the_calendar_is_written_alike_and_read_as_it_was(form: Any) -> None:
    write, read = form.record_writer(ON), form.record_reader(ON, {})
    written_in_python = PYTHON.record_writer(ON)
    for day in map(date.fromordinal, DAYS):
        body = write(SimpleNamespace(said=day))
        assert body == written_in_python(SimpleNamespace(said=day))
        assert read(body, 0) == {"said": day}


@each_form
@pytest.mark.parametrize("kind", [MOMENT, ON])
@pytest.mark.parametrize("beyond", [b"\xfe\xff\xff\xff\xff\xff\xff\xff\xff\x01", b"\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"])
def test_what_no_calendar_has_is_refused(form: Any, kind: Any, beyond: bytes) -> None:
    with pytest.raises(UNREADABLE):
        form.record_reader(kind, {})(beyond, 0)


@each_form
@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("string", 5),
        ("string", None),
        ("string", "\ud800"),
        ("bytes", "text"),
        ("long", "5"),
        ("long", 1 << 63),
        ("double", "5"),
        ("float", 1e300),
        ({"type": "long", "logicalType": "timestamp-millis"}, "2021-09-15"),
        ({"type": "int", "logicalType": "date"}, "2021-09-15"),
        ({"type": "enum", "name": "Side", "symbols": ["in"]}, "out"),
        ({"type": "array", "items": "string"}, [5]),
        ({"type": "map", "values": "long"}, {"a": "b"}),
    ],
)
def test_a_value_of_a_wrong_type_is_refused(form: Any, kind: Any, said: Any) -> None:
    with pytest.raises(Exception, match=r".*") as refused:
        form.record_writer(one(kind))(SimpleNamespace(said=said))
    assert not isinstance(refused.value, SystemError)


@each_form
@pytest.mark.parametrize("name", ["CheckpointScanned", "DeclarationSubmitted", "PolicyAdopted", "IdentityDeclared"])
def test_nothing_is_kept_of_what_was_read_written_or_refused(form: Any, name: str) -> None:
    read, write, bodies = form.record_reader(schema(name), RECORD_TYPES), form.record_writer(schema(name)), written(name)[:5]

    def turn() -> None:
        for body in bodies:
            write(read(body, 0))
            with pytest.raises(UNREADABLE):
                read(body[: len(body) // 2], 0)
            with pytest.raises(AttributeError):
                write(object())

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
    assert after - before < LEAKED_MOST_BYTES
