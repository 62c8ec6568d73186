"""The two forms that read and write Avro of our own schemas: tests hold them equal."""

import io
from collections.abc import Callable, Mapping
from types import SimpleNamespace
from typing import Any

import fastavro
import pytest

from schemas.contract import avro_form, reading, writing

FASTAVRO = SimpleNamespace(record_reader=reading.record_reader, record_writer=writing.record_writer)
IS_COMPILED = avro_form.FORM == "compiled"
FORMS: Mapping[str, Any] = {"fastavro": FASTAVRO} | ({"compiled": avro_form} if IS_COMPILED else {})
each_form: Callable[..., Any] = pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
compiled_only = pytest.mark.skipif(not IS_COMPILED, reason=f"not compiled: {avro_form.WHY}")


def long_bytes(number: int) -> bytes:
    """Returns the bytes of a whole number as Avro has them."""
    body = io.BytesIO()
    fastavro.schemaless_writer(body, "long", number)
    return body.getvalue()
