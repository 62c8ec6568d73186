"""Picks what reads and writes Avro of our own schemas: the compiled form, else fastavro.

Set-up builds the compiled form where it finds a C compiler. Tests hold the two equal.
"""

from typing import Literal

from schemas.contract.reading import ReadRecord
from schemas.contract.writing import WriteRecord

FORM: Literal["compiled", "fastavro"]
WHY = ""
"""The reason why the compiled form is missing, if it is."""
try:
    from schemas.contract.compiled import record_reader, record_writer
except ImportError as missing:
    from schemas.contract.reading import record_reader
    from schemas.contract.writing import record_writer

    FORM, WHY = "fastavro", str(missing)
else:
    FORM = "compiled"

__all__ = ["FORM", "WHY", "ReadRecord", "WriteRecord", "record_reader", "record_writer"]
