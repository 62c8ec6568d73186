"""The forms that read and write Avro of our own schemas, which are to agree."""

from collections.abc import Callable, Mapping
from types import SimpleNamespace
from typing import Any

import pytest

from schemas.contract import avro_form, reading, writing

PYTHON = SimpleNamespace(record_reader=reading.record_reader, record_writer=writing.record_writer)
FORMS: Mapping[str, Any] = {"python": PYTHON} | (
    {"compiled": avro_form} if avro_form.FORM == "compiled" else {}
)
each_form: Callable[..., Any] = pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
